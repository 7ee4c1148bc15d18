package dev.moorage.csi;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.BindableService;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.InetSocketAddress;

/**
 * Answers a message that cannot be read with INVALID_ARGUMENT, and logs one line that says for which method it was and who sent it. By itself
 * gRPC takes such bytes for a mistake of the service, and logs where in it they were read. Whatever else is thrown it still logs so.
 *
 * @param listener where the server listens, for callers that have no address
 */
record WellFormed(String listener) implements ServerInterceptor {

  private static final System.Logger LOG = System.getLogger("dev.moorage.csi");

  /** The service behind this: messages pass as bytes until they are inside it. */
  ServerServiceDefinition before(BindableService service, ServerInterceptor... inside) {
    return ServerInterceptors.intercept(
        ServerInterceptors.useInputStreamMessages(ServerInterceptors.intercept(service, inside)), this);
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
      private boolean refused;

      @Override
      public void onMessage(Q message) {
        try {
          super.onMessage(message);
        } catch (StatusRuntimeException e) {
          if (!(e.getCause() instanceof InvalidProtocolBufferException reason)) {
            throw e;
          }
          refused = true;
          refuse(call, reason);
        }
      }

      // For the service it would be the end of a call without a message.
      @Override
      public void onHalfClose() {
        if (!refused) {
          super.onHalfClose();
        }
      }
    };
  }

  private void refuse(ServerCall<?, ?> call, InvalidProtocolBufferException reason) {
    LOG.log(System.Logger.Level.WARNING, call.getMethodDescriptor().getFullMethodName() + " from " + peer(call)
        + ": the message cannot be read: " + reason.getMessage());
    call.close(Status.INVALID_ARGUMENT.withDescription("the message cannot be read: " + reason.getMessage()), new Metadata());
  }

  private String peer(ServerCall<?, ?> call) {
    return call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress address
        ? address.getHostString() + ":" + address.getPort() : "a process of this host at " + listener;
  }
}
