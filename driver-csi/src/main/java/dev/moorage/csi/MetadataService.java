package dev.moorage.csi;

import dev.moorage.csi.BlockStream.Batch;
import dev.moorage.csi.proto.GetMetadataAllocatedRequest;
import dev.moorage.csi.proto.GetMetadataAllocatedResponse;
import dev.moorage.csi.proto.GetMetadataDeltaRequest;
import dev.moorage.csi.proto.GetMetadataDeltaResponse;
import dev.moorage.csi.proto.SnapshotMetadataGrpc;
import dev.moorage.storage.SnapshotBlocks;
import dev.moorage.storage.SnapshotRef;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.InUse;
import dev.moorage.volume.VolumeException.NotFound;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;

/** Which blocks of a snapshot hold data, and which differ from an older one: told without reading any data. */
final class MetadataService extends SnapshotMetadataGrpc.SnapshotMetadataImplBase {

  private final Host host;
  private final RemoteCopies remotes;

  MetadataService(Host host) {
    this.host = host;
    this.remotes = new RemoteCopies(host);
  }

  @Override
  public void getMetadataAllocated(GetMetadataAllocatedRequest request, StreamObserver<GetMetadataAllocatedResponse> caller) {
    stream(caller, request.getSnapshotId(), Optional.empty(), request.getStartingOffset(), request.getMaxResults(), Batch::allocated);
  }

  @Override
  public void getMetadataDelta(GetMetadataDeltaRequest request, StreamObserver<GetMetadataDeltaResponse> caller) {
    stream(caller, request.getTargetSnapshotId(), Optional.of(request.getBaseSnapshotId()), request.getStartingOffset(),
        request.getMaxResults(), Batch::delta);
  }

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

  /** Of local copies when all have one, which costs no request; else of those in the repository. */
  private SnapshotBlocks open(String action, String target, Optional<String> base) throws VolumeException {
    SnapshotHandle newer = SnapshotHandle.demand(action, "snapshot_id", target);
    Optional<SnapshotHandle> older = base.isPresent()
        ? Optional.of(SnapshotHandle.demand(action, "base_snapshot_id", base.get())) : Optional.empty();
    boolean local = isHere(action, newer) && (older.isEmpty() || isHere(action, older.get()));
    Optional<SnapshotRef> before = older.isPresent() ? Optional.of(reference(action, older.get(), local)) : Optional.empty();
    return host.storage(action).snapshots().blocks(host.caller(), reference(action, newer, local), before);
  }

  private boolean isHere(String action, SnapshotHandle handle) throws VolumeException {
    return host.find(action, handle).isPresent();
  }

  private SnapshotRef reference(String action, SnapshotHandle handle, boolean local) throws VolumeException {
    if (local) {
      return new SnapshotRef.ById(handle.snapshot());
    }
    Optional<SnapshotRef> remote = remotes.reference(action, handle);
    if (remote.isPresent()) {
      return remote.get();
    }
    if (isHere(action, handle)) {
      throw new InUse(action, "snapshot " + handle + " is in no repository, and the one that it is compared with has no local copy any more",
          "Compare two that are both on the node, or both in one repository");
    }
    host.demandHere(action, handle.pool());
    throw new NotFound(action, "there is no snapshot " + handle, "");
  }
}
