package dev.moorage.csi;

import com.google.protobuf.MessageOrBuilder;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/** One line for each call that failed, and at debug level for every message; never a secret. */
final class CallLog implements ServerInterceptor {

  private static final System.Logger LOG = System.getLogger("dev.moorage.csi");

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String name = String.valueOf(call.getMethodDescriptor().getBareMethodName());
    ServerCall<Q, A> heard = new SimpleForwardingServerCall<>(call) {
      @Override
      public void close(Status status, Metadata trailers) {
        if (!status.isOk()) {
          LOG.log(System.Logger.Level.INFO, name + " " + status.getCode() + ": " + status.getDescription());
        }
        super.close(status, trailers);
      }
    };
    return new SimpleForwardingServerCallListener<>(next.startCall(heard, headers)) {
      @Override
      public void onMessage(Q message) {
        if (LOG.isLoggable(System.Logger.Level.DEBUG) && message instanceof MessageOrBuilder request) {
          LOG.log(System.Logger.Level.DEBUG, name + " " + Redaction.text(request));
        }
        super.onMessage(message);
      }
    };
  }
}
