package dev.moorage.storage;

import dev.moorage.failpoint.Failpoint;
import dev.moorage.linux.Mounts;
import dev.moorage.storage.OpenPool.LocatedSnapshot;
import dev.moorage.storage.PrivateCopy.Purpose;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.AlreadyExists;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Mounts snapshots read-only, wherever they are. A local one is mounted at once ({@link Snapshots#mount}). A remote one is fetched first
 * into a private copy in the pool that is named, or the default one, which is charged there, goes on over restarts, and is deleted when it
 * is unmounted, or when nobody mounted it for ten minutes after it had come. See {@link Storage} for what holds for every method.
 */
public final class SnapshotMounts {

  private final Core core;
  private final Snapshots snapshots;

  SnapshotMounts(Core core, Snapshots snapshots) {
    this.core = core;
    this.snapshots = snapshots;
  }

  /** How a call to {@link #mount} ended. */
  public sealed interface Answer {
    /** It is mounted there. */
    record Mounted(Path path) implements Answer {}

    /** It is on its way: when the job has ended, ask again by the id. */
    record Fetching(SnapshotId snapshot, Job job) implements Answer {}
  }

  /** A remote snapshot that is mounted, or is being fetched to be. {@code text} is such as {@code vault:alpha/docker/db@before}. */
  public record Remote(SnapshotId snapshot, String text, Optional<Path> path, Optional<Job> job) {}

  /** The same, in the default pool. */
  public Answer mount(Caller caller, SnapshotRef ref, Optional<Path> target) throws VolumeException {
    return mount(caller, ref, target, Optional.empty());
  }

  /**
   * Mounts it at the given empty directory or one below the run directory; mounted already is success when the target is the same.
   *
   * @param pool into which a remote one is fetched; empty for the default one. A local snapshot is mounted in its own pool.
   */
  public Answer mount(Caller caller, SnapshotRef ref, Optional<Path> target, Optional<PoolName> pool) throws VolumeException {
    Operation asked = Operation.of("mount", "snapshot " + ref);
    PrivateCopyPlan plan;
    try {
      // A snapshot that is here and in a repository has one id: by it, the repository's is meant once that is on its way.
      boolean fetched = ref instanceof SnapshotRef.ById && meant(asked.action(), ref).isPresent();
      Optional<LocatedSnapshot> local = fetched ? Optional.empty() : core.lookup(caller, asked.action()).snapshot(ref);
      if (local.isPresent()) {
        demandIn(asked.action(), local.get(), pool);
        return new Answer.Mounted(snapshots.mount(caller, ref, target));
      }
      plan = plan(asked.action(), ref);
    } catch (VolumeException e) {
      throw core.work().refused(caller, asked, e);
    }
    return core.work().run(caller, asked, List.of(PrivateCopy.key(plan.name())), () -> mount(asked.action(), plan, target, pool));
  }

  /** Refuses another pool than that of a local snapshot, whose blocks nothing else can share. */
  static void demandIn(String action, LocatedSnapshot local, Optional<PoolName> asked) throws VolumeException {
    if (asked.isPresent() && !asked.get().equals(local.pool().name())) {
      throw new InvalidArgument(action, "the snapshot is here, in pool " + local.pool().name(), "Leave pool out, which is for what is fetched");
    }
  }

  /** A copy that is there is used without asking the repository, which may be away. */
  private PrivateCopyPlan plan(String action, SnapshotRef ref) throws VolumeException {
    Optional<PrivateCopy> present = meant(action, ref);
    if (present.isPresent()) {
      return new PrivateCopyPlan(present.get().volume().name(), Optional.empty(), ref);
    }
    RemoteSnapshot found = new RemoteLookup(core, action).one(ref);
    Beginning.OfRemote beginning = Beginning.OfRemote.of(action, found, Optional.empty());
    ReadOnlyMount.demandFilesystem(action, beginning.words().spec(), found.text());
    return new PrivateCopyPlan(Purpose.MOUNT.name(found.entry().snapshot().toString()), Optional.of(beginning), ref);
  }

  private record PrivateCopyPlan(VolumeName name, Optional<Beginning.OfRemote> beginning, SnapshotRef asked) {}

  private Answer mount(String action, PrivateCopyPlan plan, Optional<Path> target, Optional<PoolName> pool) throws VolumeException {
    PrivateCopy copy = make(action, plan, pool);
    SnapshotId id = copy.snapshot().orElseThrow();
    if (copy.volume().awaitsRestore()) {
      return new Answer.Fetching(id, new Restores(core).ensure(action, copy.pool(), copy.volume()).job());
    }
    // Not by the id alone: the same snapshot may be here too, and have a view.
    Path place = target.map(Path::toAbsolutePath).map(Path::normalize).orElse(copy.pool().views().place(copy.volume().name().value()));
    try {
      Optional<Path> present = copy.place();
      if (present.isPresent() && target.isPresent() && !present.get().equals(place)) {
        throw new AlreadyExists(action, "it is mounted at " + present.get(), "Use it there, or unmount it first");
      }
      if (present.isEmpty()) {
        ReadOnlyMount.prepare(action, place, target.isPresent());
        copy.mount().at(place);
        Failpoint.FETCHED_MOUNTED.reach();
      }
      return new Answer.Mounted(present.orElse(place));
    } catch (IOException e) {
      throw HostFailure.during(action, e);
    }
  }

  private PrivateCopy make(String action, PrivateCopyPlan plan, Optional<PoolName> pool) throws VolumeException {
    if (plan.beginning().isPresent()) {
      Beginning.OfRemote beginning = plan.beginning().get();
      return PrivateCopy.make(core, action, plan.name(), beginning, pool, PrivateCopy.words(beginning.remote(), plan.asked()));
    }
    PrivateCopy present = PrivateCopy.find(core.pools(), plan.name()).orElseThrow(() -> new VolumeException.Unavailable(action,
        "what had been fetched of it was dropped meanwhile", "Try again"));
    present.demandIn(action, pool);
    return present;
  }

  /**
   * Ends {@link #mount}, also one that still fetches; not mounted is success; InUse while something has a file of it open.
   *
   * @throws VolumeException.NotFound when there is no such snapshot and this host knows no repository that could have one
   * @throws InvalidArgument when several that are mounted can be meant
   */
  public void unmount(Caller caller, SnapshotRef ref) throws VolumeException {
    Operation asked = Operation.of("unmount", "snapshot " + ref);
    Optional<PrivateCopy> meant;
    try {
      Optional<LocatedSnapshot> local = core.lookup(caller, asked.action()).snapshot(ref);
      boolean here = local.isPresent() && local.get().pool().views().mountPoint(local.get().snapshot().id()).isPresent();
      meant = here ? Optional.empty() : meant(asked.action(), ref);
      if (local.isEmpty() && meant.isEmpty() && !core.repositories().names().isEmpty()) {
        // A remote one, perhaps, which then is not mounted; whether there is one no store is asked.
        return;
      }
    } catch (VolumeException e) {
      throw core.work().refused(caller, asked, e);
    }
    if (meant.isEmpty()) {
      snapshots.unmount(caller, ref);
      return;
    }
    VolumeName name = meant.get().volume().name();
    core.work().run(caller, asked, List.of(PrivateCopy.key(name)), () -> {
      Optional<PrivateCopy> copy = PrivateCopy.find(core.pools(), name);
      if (copy.isPresent()) {
        unmount(asked.action(), copy.get());
      }
      return copy;
    });
  }

  private void unmount(String action, PrivateCopy copy) throws VolumeException {
    try {
      Optional<Path> place = copy.place();
      if (place.isPresent()) {
        Mounts.unmount(place.get());
        copy.pool().views().removeOwn(place.get());
        Failpoint.FETCHED_UNMOUNTED.reach();
      }
      copy.discard(core, action);
    } catch (IOException e) {
      throw HostFailure.during(action, e);
    }
  }

  /** Remote snapshots that are mounted or on their way to it. */
  public List<Remote> remote() throws VolumeException {
    List<Remote> list = new ArrayList<>();
    for (PrivateCopy copy : PrivateCopy.all(core.pools(), Purpose.MOUNT).toList()) {
      Volume volume = copy.volume();
      try {
        list.add(new Remote(copy.snapshot().orElseThrow(), copy.text(), copy.place(),
            core.jobs().running(volume.id(), Restores.KIND).map(JobTable.Entry::job)));
      } catch (IOException e) {
        throw HostFailure.during("list mounted snapshots", e);
      }
    }
    return list;
  }

  private Optional<PrivateCopy> meant(String action, SnapshotRef ref) throws VolumeException {
    List<PrivateCopy> fitting = PrivateCopy.all(core.pools(), Purpose.MOUNT).filter(each -> each.isMeant(ref)).toList();
    if (fitting.size() > 1) {
      throw new InvalidArgument(action, ref + " could mean several that are mounted", "Name one of: "
          + fitting.stream().map(each -> each.snapshot().orElseThrow() + " (" + each.text() + ")").sorted().collect(Collectors.joining(", ")));
    }
    return fitting.stream().findFirst();
  }
}
