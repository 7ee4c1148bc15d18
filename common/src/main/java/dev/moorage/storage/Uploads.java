package dev.moorage.storage;

import dev.moorage.backend.BackendFeature;
import dev.moorage.failpoint.Failpoint;
import dev.moorage.record.Directories;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.storage.OpenPool.LocatedSnapshot;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.NotFound;
import dev.moorage.volume.VolumeException.Unsupported;
import dev.moorage.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Brings snapshots to repositories, in the background. See {@link Storage} for what holds for every method. An upload holds the blocks
 * of its snapshot: that may be deleted meanwhile. It goes on by itself after a restart, after the store was away, and after a reboot, and
 * uploads nothing twice.
 */
public final class Uploads {

  static final String KIND = "upload";

  private final Core core;

  Uploads(Core core) {
    this.core = core;
  }

  /** A snapshot and the job that uploads it. */
  public record Begun(Snapshot snapshot, Job job) {}

  /** Cuts a snapshot and begins to upload it, as the repository's settings say. */
  public Begun create(Caller caller, VolumeRef volume, Optional<SnapshotName> name, String repository) throws VolumeException {
    return create(caller, volume, name, Destination.to(repository));
  }

  /** Cuts a snapshot as {@link Snapshots#create} and begins to upload it; the name again continues or returns what is there. */
  public Begun create(Caller caller, VolumeRef volume, Optional<SnapshotName> name, Destination to) throws VolumeException {
    demandKnown("snapshot volume " + volume, to.repository());
    Snapshot snapshot = new Snapshots(core).create(caller, volume, name);
    return new Begun(snapshot, begin(caller, new SnapshotRef.ById(snapshot.id()), to));
  }

  /**
   * Cuts one point in time over several volumes as {@link Snapshots#createGroup} and begins to upload every member; the same again
   * continues or returns what is there. Each is a snapshot of its own in the repository, whose entry names the group and how many it has.
   */
  public List<Begun> createGroup(Caller caller, List<VolumeRef> volumes, SnapshotName name, Destination to) throws VolumeException {
    demandKnown("snapshot volumes " + volumes.stream().map(Object::toString).collect(Collectors.joining(", ")), to.repository());
    List<Begun> begun = new ArrayList<>();
    for (Snapshot each : new Snapshots(core).createGroup(caller, volumes, name)) {
      begun.add(new Begun(each, begin(caller, new SnapshotRef.ById(each.id()), to)));
    }
    return begun;
  }

  /** Begins to upload a local snapshot as the repository's settings say. */
  public Job begin(Caller caller, SnapshotRef ref, String repository) throws VolumeException {
    return begin(caller, ref, Destination.to(repository));
  }

  /**
   * Begins to upload a local snapshot. The job that does it already is returned; one that failed is run again. One that is done is done
   * anew, which asks the repository whether the snapshot is there still: another host may have forgotten it. The scope of a failed one
   * stays unless another is given.
   *
   * @throws VolumeException.Unsupported when the backend of its volume cannot tell what is in an image
   */
  public Job begin(Caller caller, SnapshotRef ref, Destination to) throws VolumeException {
    LocatedSnapshot located = core.locate(caller, KIND, ref);
    Operation operation = Operation.on(located.snapshot().volume(), KIND, Core.subject(located.snapshot()) + " to " + to.repository());
    demandKnown(operation.action(), to.repository());
    return core.work().run(caller, operation, List.of(LockKey.of(located.snapshot().id())), () -> begin(operation, located, to));
  }

  /** To which repository a local snapshot was asked to be uploaded last, as far as that is remembered; from memory. */
  public Optional<String> destination(Snapshot snapshot) {
    return core.jobs().of(snapshot.volume(), KIND)
        .flatMap(each -> UploadOrder.of(each.record()).stream())
        .filter(order -> order.snapshot().equals(snapshot.id()))
        .map(UploadOrder::repository)
        .findFirst();
  }

  /** The job that uploads, or uploaded, a local snapshot there, as far as it is remembered; from memory. */
  public Optional<Job> find(Snapshot snapshot, String repository) {
    return core.jobs().of(snapshot.volume(), KIND)
        .filter(each -> UploadOrder.of(each.record()).filter(order -> order.isOf(snapshot, repository)).isPresent())
        .findFirst().map(JobTable.Entry::job);
  }

  private void demandKnown(String action, String repository) throws VolumeException {
    List<String> names = core.repositories().names();
    if (!names.contains(repository)) {
      throw new NotFound(action, "this host knows no repository " + repository,
          names.isEmpty() ? "Make one with 'moorage repository create'" : "There are: " + String.join(", ", names));
    }
  }

  private Job begin(Operation operation, LocatedSnapshot located, Destination to) throws VolumeException {
    Snapshot snapshot = Core.current(operation.action(), located);
    OpenPool pool = located.pool();
    if (!pool.catalog().backend(snapshot.spec().backend()).profile().has(BackendFeature.CHANGED_RANGES)) {
      throw new Unsupported(operation.action(), "backend " + snapshot.spec().backend().word() + " cannot tell what is in a snapshot",
          "Use a volume with backend=image");
    }
    Optional<JobTable.Entry> known = core.jobs().of(snapshot.volume(), KIND)
        .filter(each -> UploadOrder.of(each.record()).filter(order -> order.isOf(snapshot, to.repository())).isPresent())
        .findFirst();
    if (known.isPresent() && known.get().isRunning()) {
      return known.get().job();
    }
    JobTable.Entry entry;
    if (known.isPresent() && known.get().record().state() == Job.State.FAILED && to.dedup().isEmpty()) {
      entry = core.jobs().again(operation.action(), known.get());
    } else {
      known.ifPresent(core.jobs()::forget);
      entry = record(operation, pool, snapshot, to);
    }
    submit(pool, entry);
    return entry.job();
  }

  /** How many the group of a snapshot has here, those in the trash too; 1 when it has none. */
  private static int members(OpenPool pool, Snapshot snapshot) {
    return snapshot.group().isEmpty() ? 1
        : (int) Stream.concat(pool.catalog().snapshots().stream(), pool.catalog().trashedSnapshots().stream())
            .filter(each -> each.group().equals(snapshot.group())).count();
  }

  private JobTable.Entry record(Operation operation, OpenPool pool, Snapshot snapshot, Destination to) throws VolumeException {
    JobRecord record = JobRecord.begun(KIND, operation.subject(), snapshot.volume(),
        UploadOrder.of(snapshot, to, members(pool, snapshot)).parameters(), core.clock().instant());
    Path image = pool.catalog().backend(snapshot.spec().backend()).raw(pool.catalog().home(snapshot));
    Path workspace = pool.pool().layout().jobs().resolve(record.id());
    try {
      Directories.create(workspace);
      HeldImage.hold(image, workspace.resolve(UploadTask.IMAGE));
    } catch (IOException e) {
      throw HostFailure.during(operation.action(), e);
    }
    Failpoint.UPLOAD_HELD.reach();
    return core.jobs().begin(operation.action(), pool.pool().layout(), record);
  }

  /**
   * Lets go of the blocks that failed uploads hold of snapshots that are gone for good: nobody can ask for those again. While a snapshot is
   * here, or can be undone, its upload may be run again with what it kept.
   */
  void releaseFailed(OpenPool pool) {
    for (JobTable.Entry failed : core.jobs().failed(pool.pool().layout(), KIND)) {
      boolean wanted = UploadOrder.of(failed.record()).map(UploadOrder::snapshot).filter(id -> isHere(pool, id)).isPresent();
      if (!wanted) {
        core.jobs().empty(failed);
      }
    }
  }

  private static boolean isHere(OpenPool pool, SnapshotId id) {
    return Stream.concat(pool.catalog().snapshot(id).stream(), pool.catalog().trashedSnapshots().stream())
        .anyMatch(each -> each.id().equals(id));
  }

  /** Also goes on with a job that was under way when the storage was closed or the process died. */
  void submit(OpenPool pool, JobTable.Entry entry) {
    Optional<UploadOrder> order = UploadOrder.of(entry.record());
    if (order.isEmpty()) {
      core.jobs().end(entry, Optional.of("its record does not say what to upload"));
      return;
    }
    core.transfers().submit(TransferRunner.Lane.UPLOAD, chain(entry, order.get()),
        new Persistence(core, entry, () -> new StoppableUpload(core, pool, entry, order.get()).run()));
  }

  /** Uploads of one volume to one repository come one after the other. */
  private static String chain(JobTable.Entry entry, UploadOrder order) {
    return KIND + " " + entry.record().volume() + " " + order.repository();
  }

  /**
   * Ends an upload that is under way, waits or stands in the queue; over a restart, too. The local snapshot stays. What was stored is used
   * by the next upload of the volume, or collected. One that was committed already is done.
   *
   * @return the job as it ended
   */
  Job cancel(String action, OpenPool pool, JobTable.Entry entry) throws VolumeException {
    Optional<UploadOrder> order = UploadOrder.of(entry.record());
    if (order.isEmpty() || !core.jobs().cancel(action, entry)) {
      return entry.job();
    }
    boolean over = entry.cancel() || new StoppableUpload(core, pool, entry, order.get()).cancel();
    if (!over) {
      System.getLogger(Uploads.class.getName()).log(System.Logger.Level.INFO, action + ": it is committed already");
    }
    // What waits behind it must not wait for its next attempt.
    core.transfers().wake(chain(entry, order.get()));
    Restores.demandEnd(action, entry);
    return entry.job();
  }

  /**
   * Makes this host the writer of a volume's history in a repository, for good; the writer before is refused at its next commit.
   *
   * @param volume a volume of this host or, when it has none of that name, one of a host that is lost, such as {@code host/docker/db}: it
   *     is restored here from its newest snapshot, under its old id
   */
  public Volume takeOver(Caller caller, String repository, String volume) throws VolumeException {
    return new Takeover(core, caller, repository).of(volume);
  }

  /**
   * Forgets a remote snapshot, for good; the local one of the same id stays, and may be uploaded again. What only the forgotten one
   * uses is deleted by the next collections.
   */
  public SnapshotEntry forget(Caller caller, SnapshotRef ref) throws VolumeException {
    Operation operation = Operation.of("forget", "remote snapshot " + ref);
    return core.work().run(caller, operation, List.of(), () -> {
      RemoteSnapshot found = new RemoteLookup(core, operation.action()).one(ref);
      try {
        found.repository().history().forget(found.entry().seat(), caller.door() + " on " + core.host());
      } catch (IOException e) {
        throw core.repositories().failed(operation.action(), found.name(), found.repository(), e);
      }
      for (OpenPool pool : core.pools().all()) {
        try (KeyedLock.Hold _ = core.work().locks().acquire(operation.action(), caller.patience(),
            List.of(LockKey.of(found.entry().snapshot())))) {
          pool.catalog().updateRemotes(found.entry().snapshot(), each -> each.withoutRemote(found.place().repositoryId()));
        }
      }
      return found.entry();
    });
  }

  /** Those that are under way, wait or failed, of all volumes; the oldest snapshot first. From memory. */
  public List<TransferStatus.Upload> waiting() {
    return new TransferView(core).uploads();
  }

  /** What moves between this host and a repository. From memory. */
  public TransferStatus status(String repository) throws VolumeException {
    demandKnown("inspect transfers", repository);
    return new TransferView(core).of(repository);
  }

  /** What of the volume is in repositories: its newest upload to each. From memory. */
  static List<LastUpload> of(OpenPool pool, VolumeId volume) {
    return pool.bases().of(volume).stream()
        .flatMap(record -> record.last().stream()
            .map(last -> new LastUpload(last.repository(), last.label(), last.seq(), last.at(), record.distrust())))
        .toList();
  }
}
