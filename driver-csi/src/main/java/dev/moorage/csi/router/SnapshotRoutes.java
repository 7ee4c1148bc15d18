package dev.moorage.csi.router;

import dev.moorage.csi.RepositoryOnly;
import dev.moorage.csi.Request;
import dev.moorage.csi.SnapshotHandle;
import dev.moorage.csi.VolumeHandle;
import dev.moorage.csi.node.proto.FindSnapshotRequest;
import dev.moorage.csi.node.proto.InventoryGrpc;
import dev.moorage.csi.proto.ControllerGrpc;
import dev.moorage.csi.proto.CreateSnapshotRequest;
import dev.moorage.csi.proto.CreateSnapshotResponse;
import dev.moorage.csi.proto.DeleteSnapshotRequest;
import dev.moorage.csi.proto.DeleteSnapshotResponse;
import dev.moorage.csi.proto.GetSnapshotRequest;
import dev.moorage.csi.proto.GetSnapshotResponse;
import dev.moorage.csi.proto.Snapshot;
import dev.moorage.volume.VolumeException.AlreadyExists;
import dev.moorage.volume.VolumeException.NotFound;
import dev.moorage.volume.VolumeException.Unavailable;
import dev.moorage.volume.VolumeException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Calls about one snapshot. What is on a node goes there. Of a node that is lost, or of another cluster, there is only what a repository
 * has, and no node is needed for that. Of a node that is away nothing is deleted: it would come back with its copy of it.
 */
final class SnapshotRoutes {

  private static final Duration FIND = Duration.ofSeconds(2);

  private final Fleet fleet;
  private final Routes routes;
  private final RepositoryOnly repositories;
  private final RepositoryRoutes anywhere;

  SnapshotRoutes(Fleet fleet, RepositoryOnly repositories) {
    this.fleet = fleet;
    this.routes = new Routes(fleet);
    this.repositories = repositories;
    this.anywhere = new RepositoryRoutes(fleet);
  }

  CreateSnapshotResponse create(CreateSnapshotRequest asked) throws VolumeException {
    String action = "create snapshot " + Request.shown(asked.getName());
    Request request = new Request(action);
    String name = request.need("name", asked.getName());
    String source = request.need("source_volume_id", asked.getSourceVolumeId());
    VolumeHandle handle = VolumeHandle.parse(source)
        .orElseThrow(() -> new NotFound(action, "there is no volume " + Request.shown(source), ""));
    NodeLink node = routes.node(action, handle.pool());
    demandFree(action, name, node);
    return node.call(action, ControllerGrpc.getCreateSnapshotMethod(), asked);
  }

  /** Names are unique in the cluster, as far as its nodes answer; on the node itself it sees to that. */
  void demandFree(String action, String name, NodeLink node) throws AlreadyExists {
    Set<String> elsewhere = ConcurrentHashMap.newKeySet();
    List<NodeLink> others = fleet.present().stream().filter(link -> link != node).toList();
    fleet.each(others, link -> {
      try {
        elsewhere.addAll(link.call(action, InventoryGrpc.getFindSnapshotMethod(), FindSnapshotRequest.newBuilder().setName(name).build(), FIND)
            .getSourceVolumeIdsList());
      } catch (Unavailable | StatusRuntimeException e) {
        System.getLogger("dev.moorage.csi").log(System.Logger.Level.DEBUG, "not asked for the name: " + e.getMessage());
      }
    });
    if (!elsewhere.isEmpty()) {
      throw new AlreadyExists(action, "there is a snapshot of that name of volume " + elsewhere.iterator().next(), "Choose another name");
    }
  }

  DeleteSnapshotResponse delete(DeleteSnapshotRequest asked) throws VolumeException {
    String action = "delete snapshot " + Request.shown(asked.getSnapshotId());
    Optional<SnapshotHandle> handle = SnapshotHandle.parse(new Request(action).need("snapshot_id", asked.getSnapshotId()));
    if (handle.isEmpty()) {
      return DeleteSnapshotResponse.getDefaultInstance();
    }
    return switch (fleet.place(action, handle.get().pool())) {
      case Place.Here here -> here.node().call(action, ControllerGrpc.getDeleteSnapshotMethod(), asked);
      case Place.Away away -> throw Routes.away(action, away.node());
      case Place.Lost _ -> forget(action, handle.get(), asked);
      case Place.Unknown _ when handle.get().repository().isPresent() -> forget(action, handle.get(), asked);
      case Place.Unknown _ -> throw Routes.unknown(action, handle.get().pool());
    };
  }

  private DeleteSnapshotResponse forget(String action, SnapshotHandle handle, DeleteSnapshotRequest asked) throws VolumeException {
    if (handle.repository().isPresent()) {
      anywhere.with(handle.repository().get(), () -> {
        repositories.delete(action, handle);
        return DeleteSnapshotResponse.getDefaultInstance();
      }, node -> node.call(action, ControllerGrpc.getDeleteSnapshotMethod(), asked));
    }
    return DeleteSnapshotResponse.getDefaultInstance();
  }

  GetSnapshotResponse get(GetSnapshotRequest asked) throws VolumeException {
    String action = "get snapshot " + Request.shown(asked.getSnapshotId());
    String text = new Request(action).need("snapshot_id", asked.getSnapshotId());
    return find(action, text).map(found -> GetSnapshotResponse.newBuilder().setSnapshot(found).build())
        .orElseThrow(() -> new NotFound(action, "there is no such snapshot", ""));
  }

  /** The snapshot of a handle, wherever it is; empty for one that is nowhere. */
  Optional<Snapshot> find(String action, String text) throws VolumeException {
    Optional<SnapshotHandle> handle = SnapshotHandle.parse(text);
    if (handle.isEmpty()) {
      return Optional.empty();
    }
    return switch (fleet.place(action, handle.get().pool())) {
      case Place.Here here -> askOrRead(action, handle.get(), here.node());
      case Place.Away away -> {
        Optional<Snapshot> remote = remote(action, handle.get());
        if (remote.isEmpty()) {
          throw Routes.away(action, away.node());
        }
        yield remote;
      }
      case Place.Lost _ -> remote(action, handle.get());
      case Place.Unknown _ when handle.get().repository().isPresent() -> remote(action, handle.get());
      case Place.Unknown _ -> throw Routes.unknown(action, handle.get().pool());
    };
  }

  /** What its node does not tell, because it does not answer, the repository may: a committed snapshot never changes. */
  private Optional<Snapshot> askOrRead(String action, SnapshotHandle handle, NodeLink node) throws VolumeException {
    try {
      return onNode(action, handle, node);
    } catch (Unavailable e) {
      Optional<Snapshot> remote = remote(action, handle);
      if (remote.isEmpty()) {
        throw e;
      }
      return remote;
    }
  }

  private static Optional<Snapshot> onNode(String action, SnapshotHandle handle, NodeLink node) throws VolumeException {
    try {
      return Optional.of(node.call(action, ControllerGrpc.getGetSnapshotMethod(),
          GetSnapshotRequest.newBuilder().setSnapshotId(handle.toString()).build()).getSnapshot());
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  Optional<Snapshot> remote(String action, SnapshotHandle handle) throws VolumeException {
    return handle.repository().isEmpty() ? Optional.empty()
        : anywhere.with(handle.repository().get(), () -> repositories.find(action, handle), node -> onNode(action, handle, node));
  }
}
