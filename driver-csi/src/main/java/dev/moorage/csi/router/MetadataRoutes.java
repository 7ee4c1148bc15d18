package dev.moorage.csi.router;

import dev.moorage.csi.Answers;
import dev.moorage.csi.Request;
import dev.moorage.csi.SnapshotHandle;
import dev.moorage.csi.proto.GetMetadataAllocatedRequest;
import dev.moorage.csi.proto.GetMetadataAllocatedResponse;
import dev.moorage.csi.proto.GetMetadataDeltaRequest;
import dev.moorage.csi.proto.GetMetadataDeltaResponse;
import dev.moorage.csi.proto.SnapshotMetadataGrpc;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.NotFound;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.locks.LockSupport;

/** Streams of blocks, passed on as fast as the caller takes them and no faster; so memory does not depend on their length. */
final class MetadataRoutes extends SnapshotMetadataGrpc.SnapshotMetadataImplBase {

  private static final long LOOK_NANOS = Duration.ofMillis(1).toNanos();

  private final Routes routes;

  MetadataRoutes(Fleet fleet) {
    this.routes = new Routes(fleet);
  }

  @Override
  public void getMetadataAllocated(GetMetadataAllocatedRequest request, StreamObserver<GetMetadataAllocatedResponse> caller) {
    pass(request.getSnapshotId(), SnapshotMetadataGrpc.getGetMetadataAllocatedMethod(), request, caller);
  }

  @Override
  public void getMetadataDelta(GetMetadataDeltaRequest request, StreamObserver<GetMetadataDeltaResponse> caller) {
    pass(request.getTargetSnapshotId(), SnapshotMetadataGrpc.getGetMetadataDeltaMethod(), request, caller);
  }

  private <Q, A> void pass(String text, MethodDescriptor<Q, A> method, Q request, StreamObserver<A> caller) {
    String action = "list the blocks of snapshot " + Request.shown(text);
    try {
      String handle = new Request(action).need("snapshot_id", text);
      NodeLink node = routes.node(action, SnapshotHandle.parse(handle)
          .orElseThrow(() -> new NotFound(action, "there is no snapshot " + Request.shown(handle), "")).pool());
      pass(action, node, method, request, caller);
    } catch (VolumeException | RuntimeException e) {
      caller.onError(Answers.failure(e));
    }
  }

  /** For as long as the caller waits; his deadline and his leaving reach the node with the call. */
  private static <Q, A> void pass(String action, NodeLink node, MethodDescriptor<Q, A> method, Q request, StreamObserver<A> caller)
      throws VolumeException {
    try {
      Iterator<A> answers = ClientCalls.blockingServerStreamingCall(node.channel(), method, CallOptions.DEFAULT, request);
      while (answers.hasNext()) {
        if (caller instanceof ServerCallStreamObserver<A> call && !awaitReady(call)) {
          return;
        }
        caller.onNext(answers.next());
      }
    } catch (StatusRuntimeException e) {
      throw node.failure(action, e, Duration.ZERO);
    }
    caller.onCompleted();
  }

  private static boolean awaitReady(ServerCallStreamObserver<?> caller) {
    while (!caller.isReady()) {
      if (caller.isCancelled()) {
        return false;
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return true;
  }
}
