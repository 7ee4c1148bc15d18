package dev.moorage.storage;

import dev.moorage.backend.BackendFeature;
import dev.moorage.backend.VolumeBackend;
import dev.moorage.snapshot.ImageRanges;
import dev.moorage.snapshot.Ranges;
import dev.moorage.storage.OpenPool.Located;
import dev.moorage.storage.OpenPool.LocatedSnapshot;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.Owner;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.Unsupported;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** What can be done with local snapshots. See {@link Storage} for what holds for every method. */
public final class Snapshots {

  private final Core core;

  Snapshots(Core core) {
    this.core = core;
  }

  /**
   * Cuts a snapshot of a volume, in use or not; a name is made from the time when none is given. The same name on the same
   * volume again returns that snapshot.
   */
  public Snapshot create(Caller caller, VolumeRef volume, Optional<SnapshotName> name) throws VolumeException {
    Located located = core.locate(caller, "snapshot", volume);
    Operation operation = Operation.on(located.volume().id(), "snapshot", Core.subject(located.volume()));
    return core.work().run(caller, operation, List.of(LockKey.of(located.volume().id())),
        () -> new Cuts(core, operation.action()).one(located, name));
  }

  /** One crash-consistent cut over several volumes of one host, all with the same snapshot name. */
  public List<Snapshot> createGroup(Caller caller, List<VolumeRef> volumes, SnapshotName name) throws VolumeException {
    if (volumes.isEmpty()) {
      throw new InvalidArgument("snapshot volumes", "none is named", "Name at least one");
    }
    List<Located> members = new ArrayList<>();
    for (VolumeRef volume : volumes) {
      members.add(core.locate(caller, "snapshot", volume));
    }
    List<Located> distinct = members.stream().distinct().toList();
    Operation operation = Operation.of("snapshot",
        "volumes " + distinct.stream().map(each -> each.volume().owner() + "/" + each.volume().name()).collect(Collectors.joining(", ")));
    return core.work().run(caller, operation, distinct.stream().map(each -> LockKey.of(each.volume().id())).toList(),
        () -> new Cuts(core, operation.action()).group(distinct, name));
  }

  /** From memory: of one volume (also a deleted one, by its name), or all; oldest first. */
  public List<Snapshot> list(Caller caller, Optional<VolumeRef> volume) throws VolumeException {
    if (volume.isPresent()) {
      return core.lookup(caller, "list snapshots of volume " + volume.get()).snapshotsOf(volume.get()).stream()
          .map(LocatedSnapshot::snapshot).toList();
    }
    return core.pools().all().stream()
        .flatMap(pool -> pool.catalog().snapshots().stream())
        .sorted(Comparator.comparing(Snapshot::createdAt))
        .toList();
  }

  /** From memory, by an index: those of this name, of any volume that was this owner's at the cut; oldest first. */
  public List<Snapshot> named(Owner owner, SnapshotName name) {
    return core.pools().all().stream().flatMap(pool -> pool.catalog().snapshotsNamed(owner, name).stream())
        .sorted(Comparator.comparing(Snapshot::createdAt)).toList();
  }

  /** From memory, by an index: those of {@link #createGroup} that still live; none of a group of one, which is no group. */
  public List<Snapshot> ofGroup(UUID group) {
    return core.pools().all().stream().flatMap(pool -> pool.catalog().snapshotsOfGroup(group).stream())
        .sorted(Comparator.comparing(Snapshot::createdAt)).toList();
  }

  public Optional<Snapshot> find(Caller caller, SnapshotRef ref) throws VolumeException {
    return core.lookup(caller, "find snapshot " + ref).snapshot(ref).map(LocatedSnapshot::snapshot);
  }

  /**
   * Which ranges of a snapshot hold data; with a base, which may differ from that. Of local snapshots from the extent maps, of those in a
   * repository, both in the same one, from their maps there: no data is read.
   *
   * @param base an older snapshot of the same volume, not larger
   */
  public SnapshotBlocks blocks(Caller caller, SnapshotRef ref, Optional<SnapshotRef> base) throws VolumeException {
    String action = "list the blocks of snapshot " + ref;
    if (ref instanceof SnapshotRef.Remote) {
      return new RemoteBlocks(core, action).of(ref, base);
    }
    LocatedSnapshot located = core.lookup(caller, action).requiredSnapshot(ref);
    Optional<Path> older = Optional.empty();
    if (base.isPresent()) {
      LocatedSnapshot before = core.lookup(caller, action).requiredSnapshot(base.get());
      if (!before.snapshot().volume().equals(located.snapshot().volume())) {
        throw new InvalidArgument(action, base.get() + " is a snapshot of another volume", "Name two of one volume");
      }
      older = Optional.of(image(action, before));
    }
    Path image = image(action, located);
    try {
      if (older.isPresent() && !ImageRanges.areComparable(image, older.get())) {
        throw new InvalidArgument(action, base.get() + " is larger than it, hence not older", "Name the older one as the base");
      }
      Ranges ranges = older.isPresent() ? ImageRanges.changed(image, older.get()) : ImageRanges.held(image);
      return new SnapshotBlocks(ByteSize.ofBytes(Files.size(image)), ranges);
    } catch (IOException e) {
      throw HostFailure.during(action, e);
    }
  }

  private static Path image(String action, LocatedSnapshot located) throws VolumeException {
    Snapshot snapshot = located.snapshot();
    VolumeBackend backend = located.pool().catalog().backend(snapshot.spec().backend());
    if (!backend.profile().has(BackendFeature.CHANGED_RANGES)) {
      throw new Unsupported(action, "backend " + snapshot.spec().backend().word() + " cannot tell what is in a snapshot",
          "Use a volume with backend=image");
    }
    return backend.raw(located.pool().catalog().home(snapshot));
  }

  /** Moves it to the trash; absent is success; InUse while it is mounted. Volumes cloned from it do not depend on it. */
  public void remove(Caller caller, SnapshotRef ref) throws VolumeException {
    Operation asked = Operation.of("remove", "snapshot " + ref);
    Optional<LocatedSnapshot> located;
    try {
      located = core.lookup(caller, asked.action()).snapshot(ref);
    } catch (VolumeException e) {
      throw core.work().refused(caller, asked, e);
    }
    if (located.isPresent()) {
      remove(caller, located.get());
    }
  }

  private void remove(Caller caller, LocatedSnapshot located) throws VolumeException {
    Operation operation = Operation.on(located.snapshot().volume(), "remove", Core.subject(located.snapshot()));
    core.work().run(caller, operation, keys(located.snapshot()), () -> {
      boolean present = located.pool().catalog().snapshot(located.snapshot().id()).isPresent();
      if (present) {
        located.pool().catalog().trash(located.snapshot().id());
      }
      return present;
    });
  }

  /** A snapshot counts to its volume: both are locked for what changes it. */
  private static List<LockKey> keys(Snapshot snapshot) {
    return List.of(LockKey.of(snapshot.id()), LockKey.of(snapshot.volume()));
  }

  /** Brings the newest deleted snapshot of that name back. */
  public Snapshot undo(Caller caller, SnapshotRef ref) throws VolumeException {
    return new Undo(core, caller).snapshot(ref);
  }

  /**
   * Mounts it read-only, at the given empty directory or one below the run directory; mounted already is success when the
   * target is the same. Survives a restart of the service.
   */
  public Path mount(Caller caller, SnapshotRef ref, Optional<Path> target) throws VolumeException {
    LocatedSnapshot located = core.locate(caller, "mount", ref);
    Operation operation = Operation.on(located.snapshot().volume(), "mount", Core.subject(located.snapshot()));
    return core.work().run(caller, operation, List.of(LockKey.of(located.snapshot().id())), () -> {
      Snapshot snapshot = Core.current(operation.action(), located);
      return core.room().with(located.pool(), snapshot.spec().size().bytes(), 0,
          () -> located.pool().views().mount(operation.action(), snapshot, target));
    });
  }

  /** Ends {@link #mount}; not mounted is success; InUse while something has a file of it open. */
  public void unmount(Caller caller, SnapshotRef ref) throws VolumeException {
    LocatedSnapshot located = core.locate(caller, "unmount", ref);
    Operation operation = Operation.on(located.snapshot().volume(), "unmount", Core.subject(located.snapshot()));
    core.work().run(caller, operation, List.of(LockKey.of(located.snapshot().id())), () -> {
      located.pool().views().unmount(operation.action(), Core.current(operation.action(), located));
      return true;
    });
  }
}
