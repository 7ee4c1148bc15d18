package dev.moorage.csi;

import dev.moorage.csi.proto.Topology;
import dev.moorage.storage.Caller;
import dev.moorage.storage.PoolStatus;
import dev.moorage.storage.SnapshotRef;
import dev.moorage.storage.Storage;
import dev.moorage.storage.VolumeRef;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.NotFound;
import dev.moorage.volume.VolumeException.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** This host behind the services: its storage, once that is open, and what handles mean here. Safe for use by several threads. */
final class Host {

  /** Shorter than any sidecar waits. */
  private static final Duration OPENING = Duration.ofSeconds(5);

  /** Pods that share a volume come at once; whatever takes longer is answered with ABORTED, and comes again. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** Whether the caller still waits makes no difference: what was begun is finished, and the next call finds it. */
  private static final Duration DEADLINE = Duration.ofMinutes(10);

  private final CsiSettings settings;
  private final CompletableFuture<Storage> opening;
  private final Caller caller;

  Host(CsiSettings settings, CompletableFuture<Storage> opening) {
    this.settings = settings;
    this.opening = opening;
    this.caller = new Caller("csi", settings.owner(), PATIENCE, DEADLINE);
  }

  CsiSettings settings() {
    return settings;
  }

  Caller caller() {
    return caller;
  }

  boolean isOpen() {
    return opening.isDone() && !opening.isCompletedExceptionally();
  }

  /** The storage; Unavailable while it is being opened. */
  Storage storage(String action) throws Unavailable {
    try {
      return opening.get(OPENING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new Unavailable(action, "the volumes are still being looked at, after a start", "Try again in a moment", e);
    } catch (ExecutionException e) {
      throw new Unavailable(action, "the service does not start", "Its log says why", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable(action, "the service stops", "Try again in a moment", e);
    }
  }

  /** Where volumes of this host can be used. */
  Topology topology() {
    return Topology.newBuilder().putSegments(CsiSettings.TOPOLOGY_KEY, settings.nodeId()).build();
  }

  /** Whether a place of a request is this host. */
  boolean isAt(Topology place) {
    return place.getSegmentsMap().entrySet().stream()
        .allMatch(segment -> segment.getKey().equalsIgnoreCase(CsiSettings.TOPOLOGY_KEY) && segment.getValue().equals(settings.nodeId()));
  }

  /** Whether any pool here may keep volumes that can be cut. */
  boolean hasSnapshots(String action) throws Unavailable {
    return storage(action).pools().list().stream().anyMatch(pool -> pool.settings().backends().contains(BackendKind.IMAGE));
  }

  /** The pool of that id, when it is open on this host. */
  Optional<PoolStatus> pool(String action, PoolId id) throws VolumeException {
    List<PoolStatus> pools = storage(action).pools().list();
    return pools.stream().filter(pool -> pool.id().equals(id) && pool.capacity().isPresent()).findFirst();
  }

  /**
   * The volume that a handle means; empty when there is none.
   *
   * @throws Unavailable when its pool is not on this host, so that nothing is known of it
   */
  Optional<Volume> find(String action, String handle) throws VolumeException {
    Optional<VolumeHandle> parsed = VolumeHandle.parse(handle);
    if (parsed.isEmpty()) {
      return Optional.empty();
    }
    Optional<Volume> found = storage(action).volumes().find(caller, new VolumeRef.ById(parsed.get().volume()));
    if (found.isEmpty()) {
      demandHere(action, parsed.get().pool());
    }
    return found;
  }

  /** The volume that a handle means. */
  Volume volume(String action, String handle) throws VolumeException {
    return find(action, handle).orElseThrow(() -> new NotFound(action, "there is no volume " + Request.shown(handle), ""));
  }

  /** The local snapshot that a handle means; empty when it has no copy here. */
  Optional<Snapshot> find(String action, SnapshotHandle handle) throws VolumeException {
    return storage(action).snapshots().find(caller, new SnapshotRef.ById(handle.snapshot()));
  }

  void demandHere(String action, PoolId pool) throws VolumeException {
    if (pool(action, pool).isEmpty()) {
      throw new Unavailable(action, "pool " + pool + " is not open on node " + settings.nodeId(),
          "Start Moorage on the node that has it, or give that pool back to this one");
    }
  }
}
