package dev.moorage.csi;

import dev.moorage.csi.node.proto.ConcernsRequest;
import dev.moorage.csi.node.proto.ConcernsResponse;
import dev.moorage.csi.node.proto.FindSnapshotRequest;
import dev.moorage.csi.node.proto.FindSnapshotResponse;
import dev.moorage.csi.node.proto.FindVolumeRequest;
import dev.moorage.csi.node.proto.FindVolumeResponse;
import dev.moorage.csi.node.proto.InventoryGrpc;
import dev.moorage.csi.node.proto.Pool;
import dev.moorage.csi.node.proto.PoolsRequest;
import dev.moorage.csi.node.proto.PoolsResponse;
import dev.moorage.csi.node.proto.Repository;
import dev.moorage.storage.PoolStatus;
import dev.moorage.storage.RepositoryStatus;
import dev.moorage.storage.VolumeRef;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.VolumeException;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.util.Comparator;
import java.util.Optional;

/** What this node has, for the router. From memory, so the answers are quick. */
final class InventoryService extends InventoryGrpc.InventoryImplBase {

  private final Host host;
  private final Concerns concerns;

  InventoryService(Host host, Clock clock) {
    this.host = host;
    this.concerns = new Concerns(host, clock);
  }

  @Override
  public void concerns(ConcernsRequest request, StreamObserver<ConcernsResponse> caller) {
    Answers.answer(caller, concerns::tell);
  }

  @Override
  public void pools(PoolsRequest request, StreamObserver<PoolsResponse> caller) {
    Answers.answer(caller, this::pools);
  }

  private PoolsResponse pools() throws VolumeException {
    String action = "tell which pools there are";
    PoolsResponse.Builder response = PoolsResponse.newBuilder().setNodeId(host.settings().nodeId());
    host.storage(action).pools().list().stream()
        .sorted(Comparator.comparing(PoolStatus::byDefault).reversed())
        .forEach(each -> response.addPools(message(each)));
    for (RepositoryStatus each : host.storage(action).repositories().list()) {
      response.addRepositories(Repository.newBuilder().setName(each.settings().name().value())
          .setId(each.id().map(id -> id.value().toString()).orElse("")));
    }
    return response.build();
  }

  private static Pool message(PoolStatus pool) {
    long capacity = pool.capacity().map(each -> each.promisable()).orElse(0L);
    return Pool.newBuilder().setId(pool.id().toString()).setName(pool.settings().name().value())
        .addAllBackends(pool.settings().backends().stream().map(BackendKind::word).toList())
        .setCapacityBytes(capacity)
        .setAvailableBytes(pool.problem().isPresent() ? 0 : Math.max(0, capacity - pool.chargedBytes()))
        .setProblem(pool.problem().orElse("")).build();
  }

  @Override
  public void findVolume(FindVolumeRequest request, StreamObserver<FindVolumeResponse> caller) {
    Answers.answer(caller, () -> {
      String action = "find volume " + Request.shown(request.getName());
      VolumeRef name = new VolumeRef.Named(host.settings().owner(),
          GivenName.volume(new Request(action).need("name", request.getName())));
      Optional<String> found = host.storage(action).volumes().find(host.caller(), name).map(each -> VolumeHandle.of(each).toString());
      return FindVolumeResponse.newBuilder().setVolumeId(found.orElse("")).build();
    });
  }

  @Override
  public void findSnapshot(FindSnapshotRequest request, StreamObserver<FindSnapshotResponse> caller) {
    Answers.answer(caller, () -> {
      String action = "find snapshot " + Request.shown(request.getName());
      SnapshotName name = GivenName.snapshot(new Request(action).need("name", request.getName()));
      return FindSnapshotResponse.newBuilder().addAllSourceVolumeIds(host.storage(action).snapshots()
          .named(host.settings().owner(), name).stream().map(each -> new VolumeHandle(each.pool(), each.volume()).toString()).toList()).build();
    });
  }
}
