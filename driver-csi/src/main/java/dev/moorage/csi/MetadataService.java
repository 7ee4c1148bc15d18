package dev.moorage.csi;

import dev.moorage.csi.proto.BlockMetadata;
import dev.moorage.csi.proto.BlockMetadataType;
import dev.moorage.csi.proto.GetMetadataAllocatedRequest;
import dev.moorage.csi.proto.GetMetadataAllocatedResponse;
import dev.moorage.csi.proto.GetMetadataDeltaRequest;
import dev.moorage.csi.proto.GetMetadataDeltaResponse;
import dev.moorage.csi.proto.SnapshotMetadataGrpc;
import dev.moorage.storage.SnapshotBlocks;
import dev.moorage.storage.SnapshotRef;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.InUse;
import dev.moorage.volume.VolumeException.NotFound;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Which blocks of a snapshot hold data, and which differ from an older one: from the extent maps of local copies, at once. */
final class MetadataService extends SnapshotMetadataGrpc.SnapshotMetadataImplBase {

  private final Host host;

  MetadataService(Host host) {
    this.host = host;
  }

  @Override
  public void getMetadataAllocated(GetMetadataAllocatedRequest request, StreamObserver<GetMetadataAllocatedResponse> caller) {
    stream(caller, request.getSnapshotId(), Optional.empty(), request.getStartingOffset(), request.getMaxResults(),
        batch -> GetMetadataAllocatedResponse.newBuilder().setBlockMetadataType(BlockMetadataType.VARIABLE_LENGTH)
            .setVolumeCapacityBytes(batch.capacity()).addAllBlockMetadata(batch.ranges()).build());
  }

  @Override
  public void getMetadataDelta(GetMetadataDeltaRequest request, StreamObserver<GetMetadataDeltaResponse> caller) {
    stream(caller, request.getTargetSnapshotId(), Optional.of(request.getBaseSnapshotId()), request.getStartingOffset(),
        request.getMaxResults(), batch -> GetMetadataDeltaResponse.newBuilder()
            .setBlockMetadataType(BlockMetadataType.VARIABLE_LENGTH)
            .setVolumeCapacityBytes(batch.capacity()).addAllBlockMetadata(batch.ranges()).build());
  }

  /** Some ranges of one answer. */
  record Batch(long capacity, List<BlockMetadata> ranges) {}

  private <T> void stream(StreamObserver<T> caller, String target, Optional<String> base, long offset, int max, Function<Batch, T> message) {
    String action = "list the blocks of snapshot " + Request.shown(target);
    try (SnapshotBlocks blocks = open(action, target, base)) {
      if (caller instanceof ServerCallStreamObserver<T> call) {
        new BlockStream(action, blocks, offset, max).send(call, message);
      }
    } catch (VolumeException | IOException | RuntimeException e) {
      caller.onError(Answers.failure(e));
    }
  }

  private SnapshotBlocks open(String action, String target, Optional<String> base) throws VolumeException {
    SnapshotRef newer = local(action, "snapshot_id", target);
    Optional<SnapshotRef> older = base.isPresent() ? Optional.of(local(action, "base_snapshot_id", base.get())) : Optional.empty();
    return host.storage(action).snapshots().blocks(host.caller(), newer, older);
  }

  private SnapshotRef local(String action, String field, String text) throws VolumeException {
    new Request(action).need(field, text);
    SnapshotHandle handle = SnapshotHandle.parse(text)
        .orElseThrow(() -> new NotFound(action, "there is no snapshot " + Request.shown(text), ""));
    Optional<Snapshot> found = host.find(action, handle);
    if (found.isPresent()) {
      return new SnapshotRef.ById(handle.snapshot());
    }
    host.demandHere(action, handle.pool());
    if (handle.repository().isPresent()) {
      throw new InUse(action, "snapshot " + handle + " has no local copy any more, and blocks are told of local copies only",
          "Make a volume of it, and a snapshot of that");
    }
    throw new NotFound(action, "there is no snapshot " + handle, "");
  }
}
