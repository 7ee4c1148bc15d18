package dev.moorage.csi;

import dev.moorage.telemetry.Telemetry;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/** Counts and times every call by its method and the code of its answer. */
public record CallMeter(Telemetry telemetry) implements ServerInterceptor {

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String name = String.valueOf(call.getMethodDescriptor().getBareMethodName());
    long began = System.nanoTime();
    return next.startCall(new SimpleForwardingServerCall<>(call) {
      @Override
      public void close(Status status, Metadata trailers) {
        telemetry.csiCall(name, status.getCode().name(), System.nanoTime() - began);
        super.close(status, trailers);
      }
    }, headers);
  }
}
