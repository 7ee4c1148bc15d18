package dev.moorage.csi;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/** Puts the node's name beneath each of its answers, so that the router can tell what a node said from what became of the connection. */
public record NodeMark(String node) implements ServerInterceptor {

  /** Where the name stands in the trailers. */
  public static final Metadata.Key<String> KEY = Metadata.Key.of("moorage-node", Metadata.ASCII_STRING_MARSHALLER);

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return next.startCall(new SimpleForwardingServerCall<>(call) {
      @Override
      public void close(Status status, Metadata trailers) {
        trailers.put(KEY, node);
        super.close(status, trailers);
      }
    }, headers);
  }
}
