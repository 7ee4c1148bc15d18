package dev.moorage.csi.router;

import dev.moorage.csi.BlockStream.Batch;
import dev.moorage.csi.Request;
import dev.moorage.csi.SnapshotHandle;
import dev.moorage.csi.proto.GetMetadataAllocatedRequest;
import dev.moorage.csi.proto.GetMetadataAllocatedResponse;
import dev.moorage.csi.proto.GetMetadataDeltaRequest;
import dev.moorage.csi.proto.GetMetadataDeltaResponse;
import dev.moorage.csi.proto.SnapshotMetadataGrpc;
import dev.moorage.volume.VolumeException;
import io.grpc.MethodDescriptor;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * What somebody wants to know of the blocks of a snapshot, with what an answer looks like.
 *
 * @param base what it is compared with
 * @param offset where to begin
 * @param max how many ranges a message may have; 0 leaves it to whoever answers
 * @param request the same as a message, for the node that answers
 */
record BlocksQuestion<Q, A>(String action, SnapshotHandle target, Optional<SnapshotHandle> base, long offset, int max,
    MethodDescriptor<Q, A> method, Q request, Function<Batch, A> message) {

  static BlocksQuestion<GetMetadataAllocatedRequest, GetMetadataAllocatedResponse> of(GetMetadataAllocatedRequest request)
      throws VolumeException {
    String action = action(request.getSnapshotId());
    return new BlocksQuestion<>(action, SnapshotHandle.demand(action, "snapshot_id", request.getSnapshotId()), Optional.empty(),
        request.getStartingOffset(), request.getMaxResults(), SnapshotMetadataGrpc.getGetMetadataAllocatedMethod(), request, Batch::allocated);
  }

  static BlocksQuestion<GetMetadataDeltaRequest, GetMetadataDeltaResponse> of(GetMetadataDeltaRequest request) throws VolumeException {
    String action = action(request.getTargetSnapshotId());
    return new BlocksQuestion<>(action, SnapshotHandle.demand(action, "target_snapshot_id", request.getTargetSnapshotId()),
        Optional.of(SnapshotHandle.demand(action, "base_snapshot_id", request.getBaseSnapshotId())), request.getStartingOffset(),
        request.getMaxResults(), SnapshotMetadataGrpc.getGetMetadataDeltaMethod(), request, Batch::delta);
  }

  private static String action(String text) {
    return "list the blocks of snapshot " + Request.shown(text);
  }

  /** The one that can answer without any pool; empty when not all of it is in one. */
  Optional<UUID> repository() {
    return target.repository().filter(each -> base.isEmpty() || base.get().repository().equals(target.repository()));
  }
}
