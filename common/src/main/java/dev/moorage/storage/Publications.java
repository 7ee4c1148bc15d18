package dev.moorage.storage;

import dev.moorage.catalog.ReferenceKey;
import dev.moorage.catalog.References;
import dev.moorage.failpoint.Failpoint;
import dev.moorage.linux.DeviceNodes;
import dev.moorage.storage.OpenPool.Located;
import dev.moorage.volume.Access;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.AlreadyExists;
import dev.moorage.volume.VolumeException.InUse;
import dev.moorage.volume.VolumeException.Unavailable;
import dev.moorage.volume.VolumeId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who uses which volume on this host. A volume is staged (attached and mounted) once, whatever the number of consumers, and
 * released when none is left and nobody uses its device. The table is kept in the run directory, so it outlives this
 * process and dies with the machine. The reference rule for Docker is that of the facts about docker, section 4, with the
 * design's addition.
 */
public final class Publications {

  private final Core core;

  Publications(Core core) {
    this.core = core;
  }

  /** A mount that succeeded; {@code added} says whether it made a reference that was not there. */
  private record Mounted(Path path, boolean added) {}

  /**
   * Stages the volume and adds the consumer. A failure, or a success after the caller's deadline, adds nothing.
   *
   * @return for filesystem access the mounted root; for block access a directory whose only entry, {@code device}, is the device
   */
  public Path mount(Caller caller, VolumeRef ref, Consumer consumer) throws VolumeException {
    Located located = core.locate(caller, "mount", ref);
    Operation operation = Operation.on(located.volume().id(), "mount", Core.subject(located.volume()));
    ReferenceKey key = key(consumer);
    boolean waits = located.volume().awaitsRestore();
    long epoch = located.pool().references().epoch();
    Caller left;
    try {
      left = new Restores(core).await(caller, operation.action(), located.volume());
    } catch (VolumeException e) {
      throw core.work().refused(caller, operation, e);
    }
    return core.work().run(left, operation, List.of(LockKey.of(located.volume().id())),
        () -> {
          if (waits && key instanceof ReferenceKey.Counted) {
            demandSameEngine(operation.action(), located.pool(), epoch);
          }
          return mount(operation.action(), located, key);
        },
        mounted -> withdraw(operation.action(), located, key, mounted)).path();
  }

  /** An engine that died while its mount waited for data will never send the unmount; the reference would pass for one of the new engine. */
  private static void demandSameEngine(String action, OpenPool pool, long epoch) throws Unavailable {
    if (pool.references().epoch() != epoch) {
      throw new Unavailable(action, "the engine that asked for it has started anew meanwhile", "Start the container again");
    }
  }

  private static Mounted mount(String action, Located located, ReferenceKey key) throws VolumeException {
    OpenPool pool = located.pool();
    Volume volume = Core.current(action, located);
    Core.demandWhole(action, volume);
    Path path = pool.stages().stage(action, volume);
    References before = pool.references().of(volume.id());
    References.Entry known = before.entries().get(key);
    // Only an id from before the engine's last start needs to know whether the container of that time still runs.
    boolean busyElsewhere = known != null && known.epoch() < pool.references().epoch()
        && pool.stages().isUsedBeside(action, volume.id());
    References after = pool.references().mounted(volume.id(), key, busyElsewhere);
    Failpoint.REFERENCE_WRITTEN.reach();
    return new Mounted(path, !after.equals(before) && !(known != null && key instanceof ReferenceKey.Once));
  }

  private void withdraw(String action, Located located, ReferenceKey key, Mounted mounted) throws VolumeException {
    if (mounted.added()) {
      unmount(action, located, key);
    }
  }

  /** Takes the consumer away; an unknown one is success. Releases the volume when it was the last. */
  public void unmount(Caller caller, VolumeRef ref, Consumer consumer) throws VolumeException {
    Located located = core.locate(caller, "unmount", ref);
    Operation operation = Operation.on(located.volume().id(), "unmount", Core.subject(located.volume()));
    core.work().run(caller, operation, List.of(LockKey.of(located.volume().id())),
        () -> unmount(operation.action(), located, key(consumer)));
  }

  private boolean unmount(String action, Located located, ReferenceKey key) throws VolumeException {
    Volume volume = Core.current(action, located);
    References left = located.pool().references().unmounted(volume.id(), key);
    Failpoint.REFERENCE_REMOVED.reach();
    return left.isEmpty() && releaseUnused(action, located.pool(), volume);
  }

  /** The consumer is gone in any case: what hinders the release is noted, and the sweep tries again. */
  private boolean releaseUnused(String action, OpenPool pool, Volume volume) throws VolumeException {
    try {
      return pool.stages().release(action, volume);
    } catch (InUse e) {
      core.journal().noteError(volume.id(), e);
      return false;
    }
  }

  private static ReferenceKey key(Consumer consumer) {
    return switch (consumer) {
      case Consumer.DockerMount(var id) -> new ReferenceKey.Counted(id);
      case Consumer.CsiPath(var path) -> new ReferenceKey.Once(path.toString());
    };
  }

  /**
   * Stages the volume, adds the target as a consumer and shows the volume there. Published there already in the same way is success.
   * A caller that does not wait for the end finds it published at the next call.
   *
   * @throws VolumeException.InUse when it has other consumers and the publication wants to be the only one
   * @throws AlreadyExists when it is published there in another way, or something else is mounted there
   */
  public void publish(Caller caller, VolumeRef ref, Publication publication) throws VolumeException {
    Located located = core.locate(caller, "publish", ref);
    Operation operation = Operation.on(located.volume().id(), "publish", Core.subject(located.volume()));
    Caller left;
    try {
      left = new Restores(core).await(caller, operation.action(), located.volume());
    } catch (VolumeException e) {
      throw core.work().refused(caller, operation, e);
    }
    core.work().run(left, operation, List.of(LockKey.of(located.volume().id())),
        () -> publish(operation.action(), located, publication));
  }

  private Path publish(String action, Located located, Publication publication) throws VolumeException {
    ReferenceKey key = new ReferenceKey.Once(publication.target().toString());
    demandAlone(action, located.volume().id(), publication);
    Mounted mounted = mount(action, located, key);
    boolean bound = false;
    try {
      Binds.bind(action, Core.current(action, located), mounted.path(), publication);
      Failpoint.PUBLISH_BOUND.reach();
      bound = true;
      return publication.target();
    } finally {
      if (!bound) {
        withdraw(action, located, key, mounted);
      }
    }
  }

  private void demandAlone(String action, VolumeId id, Publication publication) throws InUse {
    if (publication.onlyBeside().isEmpty()) {
      return;
    }
    Set<Path> allowed = Set.of(publication.target(), publication.onlyBeside().get());
    List<Path> others = paths(id).stream().filter(path -> !allowed.contains(path)).toList();
    if (!others.isEmpty()) {
      throw new InUse(action, "it may have one consumer, and has " + others.getFirst(), "End that one first");
    }
  }

  /**
   * Ends {@link #publish}: takes the mount, the target and the consumer away, in this order. What is absent is success.
   *
   * @param keep whether the target, unmounted, stays: somebody else made it
   */
  public void unpublish(Caller caller, VolumeRef ref, Path target, boolean keep) throws VolumeException {
    Located located = core.locate(caller, "unpublish", ref);
    Operation operation = Operation.on(located.volume().id(), "unpublish", Core.subject(located.volume()));
    core.work().run(caller, operation, List.of(LockKey.of(located.volume().id())), () -> {
      ReferenceKey key = new ReferenceKey.Once(target.toString());
      OpenPool pool = located.pool();
      Volume volume = Core.current(operation.action(), located);
      boolean ours = pool.references().of(volume.id()).entries().containsKey(key);
      Binds.unmount(operation.action(), volume, pool.stages().mountPoint(volume.id()), target, ours);
      if (!keep) {
        Binds.removeTarget(operation.action(), target);
      }
      Failpoint.UNPUBLISH_UNBOUND.reach();
      return unmount(operation.action(), located, key);
    });
  }

  /** The paths of a volume's consumers of CSI; from memory. */
  public List<Path> paths(VolumeId id) {
    return core.pools().all().stream()
        .flatMap(pool -> pool.references().of(id).entries().keySet().stream())
        .filter(ReferenceKey.Once.class::isInstance)
        .map(key -> Path.of(key.value()))
        .toList();
  }

  /**
   * Whether a volume is at a path: that of one of its consumers or, for raw access, any file of its staged device. The kubelet asks
   * for such a volume by a path of its own, at which it has bound what was published to it.
   */
  public boolean isAt(Volume volume, Path path) {
    if (paths(volume.id()).contains(path)) {
      return true;
    }
    Optional<Path> stage = mountPoint(volume.id());
    return volume.spec().access() == Access.BLOCK && stage.isPresent()
        && DeviceNodes.areOfOneDevice(stage.get().resolve(StageMount.NODE), path);
  }

  /** Where it is staged, from memory. */
  public Optional<Path> mountPoint(VolumeId id) {
    return core.pools().all().stream().flatMap(pool -> pool.stages().mountPoint(id).stream()).findFirst();
  }

  /** dockerd has started anew: references from before may be stale. */
  public void newDockerEpoch() throws VolumeException {
    for (OpenPool pool : core.pools().all()) {
      pool.references().newEpoch();
    }
  }
}
