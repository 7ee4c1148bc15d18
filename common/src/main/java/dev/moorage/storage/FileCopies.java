package dev.moorage.storage;

import dev.moorage.failpoint.Failpoint;
import dev.moorage.storage.OpenPool.LocatedSnapshot;
import dev.moorage.storage.PrivateCopy.Purpose;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.AlreadyExists;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeId;
import dev.moorage.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes files out of snapshots, in the background: of local ones through a clone, of remote ones through a copy that is fetched into a
 * pool; either is private, charged to the pool meanwhile, and deleted at the end. What is copied stands under a hidden name beside
 * the target until it is whole and durable. A copy goes on after a restart, from the beginning of the files. See {@link Storage} for what
 * holds for every method.
 */
public final class FileCopies {

  static final String KIND = "copy";

  private final Core core;

  FileCopies(Core core) {
    this.core = core;
  }

  /** The same, with what is fetched in the default pool. */
  public Job begin(Caller caller, SnapshotRef ref, String path, Path target) throws VolumeException {
    return begin(caller, ref, path, target, Optional.empty());
  }

  /**
   * Begins to copy a file or directory out of a snapshot, with owners, modes, times, extended attributes and links.
   *
   * @param path of the file in the snapshot, from its root
   * @param target where it shall be; when it is a directory, below that under its own name. What is there already is never overwritten.
   * @param pool into which a remote snapshot is fetched; empty for the default one. A local one is cloned in its own pool.
   */
  public Job begin(Caller caller, SnapshotRef ref, String path, Path target, Optional<PoolName> pool) throws VolumeException {
    Operation asked = Operation.of(KIND, path + " of snapshot " + ref);
    Plan plan;
    try {
      Beginning beginning = beginning(caller, asked.action(), ref, pool);
      plan = new Plan(beginning, path, place(asked.action(), beginning, path, target));
    } catch (VolumeException e) {
      throw core.work().refused(caller, asked, e);
    }
    JobRecord record = JobRecord.begun(KIND, asked.subject(), plan.volume(), plan.parameters(), core.clock().instant());
    VolumeName name = Purpose.FILES.name(record.id());
    List<LockKey> keys = new ArrayList<>(List.of(PrivateCopy.key(name)));
    plan.beginning().key().ifPresent(keys::add);
    return core.work().run(caller, asked, keys, () -> {
      Optional<PoolName> into = plan.beginning() instanceof Beginning.OfRemote ? pool : Optional.empty();
      PrivateCopy copy = PrivateCopy.make(core, asked.action(), name, plan.beginning(), into, Map.of());
      Failpoint.FILES_SOURCE_MADE.reach();
      JobTable.Entry entry = core.jobs().begin(asked.action(), copy.pool().pool().layout(), record);
      submit(copy.pool(), entry);
      return entry.job();
    });
  }

  private record Plan(Beginning beginning, String path, Path place) {
    VolumeId volume() {
      return beginning.lineage().orElseThrow();
    }

    Map<String, String> parameters() {
      return Map.of(FileCopy.PATH, path, FileCopy.TARGET, place.toString());
    }
  }

  private Beginning beginning(Caller caller, String action, SnapshotRef ref, Optional<PoolName> pool) throws VolumeException {
    Optional<LocatedSnapshot> local = core.lookup(caller, action).snapshot(ref);
    if (local.isPresent()) {
      SnapshotMounts.demandIn(action, local.get(), pool);
    }
    Beginning beginning = local.isPresent() ? new Beginning.OfSnapshot(local.get())
        : Beginning.OfRemote.of(action, new RemoteLookup(core, action).one(ref), Optional.empty());
    ReadOnlyMount.demandFilesystem(action, beginning.spec().orElseThrow(), ref.toString());
    return beginning;
  }

  private static Path place(String action, Beginning beginning, String path, Path asked) throws VolumeException {
    Path target = asked.toAbsolutePath().normalize();
    Path last = Path.of(path).getFileName();
    if (Files.isDirectory(target)) {
      boolean named = last != null && !last.toString().equals(".") && !last.toString().equals("..");
      target = target.resolve(named ? last : Path.of(label(beginning)));
    }
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new AlreadyExists(action, "there is a " + target + " already", "Name another place, or remove it");
    }
    Path directory = target.getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw new InvalidArgument(action, "there is no directory " + directory, "Make it, or name another place");
    }
    return target;
  }

  /** What the whole of it is called when it is copied into a directory, such as {@code db@before}. */
  private static String label(Beginning beginning) {
    return switch (beginning) {
      case Beginning.OfSnapshot from -> from.snapshot().label();
      case Beginning.OfRemote from -> from.remote().entry().label();
      case Beginning.Empty _, Beginning.Missing _, Beginning.NeverSnapshotted _, Beginning.OfVolume _ ->
          throw new IllegalStateException("BUG: a copy out of no snapshot");
    };
  }

  /**
   * Ends a copy that is under way; what was copied and fetched until now is deleted. One that is over, or has its name, stays.
   *
   * @return the job as it ended
   */
  Job cancel(String action, JobTable.Entry entry) throws VolumeException {
    new FileCopy(core, Jobs.poolOf(core, action, entry), entry).cancel();
    Restores.demandEnd(action, entry);
    return entry.job();
  }

  void submit(OpenPool pool, JobTable.Entry entry) {
    core.transfers().submit(TransferRunner.Lane.VIEW, KIND + " " + entry.record().id(), new FileCopy(core, pool, entry));
  }
}
