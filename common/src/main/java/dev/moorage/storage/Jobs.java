package dev.moorage.storage;

import dev.moorage.storage.PrivateCopy.Purpose;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.NotFound;
import dev.moorage.volume.VolumeException.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Background work that outlives its caller and the process. Ended jobs are remembered for a while, at most a hundred. */
public final class Jobs {

  private final Core core;
  private final JobTable table;

  Jobs(Core core) {
    this.core = core;
    this.table = core.jobs();
  }

  /** Newest first. */
  public List<Job> list() {
    return table.list();
  }

  public Optional<Job> find(String id) {
    return table.find(id).map(JobTable.Entry::job);
  }

  /** Waits until the job has ended or the time is over, and returns it as it then is. */
  public Optional<Job> await(String id, Duration atMost) throws InterruptedException {
    Optional<JobTable.Entry> entry = table.find(id);
    boolean ended = entry.isPresent() && entry.get().latch().await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    assert !ended || entry.get().record().state().isEnd() : "a job that ended does not run";
    return entry.map(JobTable.Entry::job);
  }

  /**
   * Ends an upload, or a job that looks into a snapshot: files that are copied out of one, or a remote one that is fetched to be mounted.
   * What such a one made is deleted; what an upload stored is left for the next one, or for a collection. A job that is over stays as it is, which
   * is success.
   *
   * @return the job as it ended
   * @throws NotFound when there is no such job
   * @throws InvalidArgument when it is of another kind; what ends those, if anything does, is said
   */
  public Job cancel(Caller caller, String id) throws VolumeException {
    Operation operation = Operation.of("cancel", "job " + id);
    JobTable.Entry entry = table.find(id).orElseThrow(() -> core.work().refused(caller, operation,
        new NotFound(operation.action(), "there is no such job", "Ended jobs are remembered only for a while")));
    if (!entry.isRunning()) {
      return entry.job();
    }
    if (entry.record().kind().equals(FileCopies.KIND)) {
      return core.work().run(caller, operation, List.of(), () -> new FileCopies(core).cancel(operation.action(), entry));
    }
    if (entry.record().kind().equals(Uploads.KIND)) {
      return core.work().run(caller, operation, List.of(),
          () -> new Uploads(core).cancel(operation.action(), poolOf(core, operation.action(), entry), entry));
    }
    Optional<PrivateCopy> fetched = PrivateCopy.ofVolume(core.pools(), entry.record().volume());
    if (!entry.record().kind().equals(Restores.KIND) || fetched.isEmpty()) {
      throw core.work().refused(caller, operation, new InvalidArgument(operation.action(), "only uploads, copies of files and what is fetched to be"
          + " mounted can be cancelled, and this is the " + entry.record().kind() + " of " + entry.record().subject(), remedy(entry)));
    }
    if (fetched.get().purpose() == Purpose.FILES) {
      return cancel(caller, fetched.get().rest());
    }
    return core.work().run(caller, operation, List.of(PrivateCopy.key(fetched.get().volume().name())), () -> {
      fetched.get().discard(core, operation.action());
      return entry.job();
    });
  }

  static OpenPool poolOf(Core core, String action, JobTable.Entry entry) throws Unavailable {
    return core.pools().all().stream().filter(each -> core.jobs().isOf(entry, each.pool().layout())).findFirst()
        .orElseThrow(() -> new Unavailable(action, "its pool is not open", "Try again when it is"));
  }

  private String remedy(JobTable.Entry entry) {
    Optional<Volume> volume = core.pools().volume(entry.record().volume()).map(OpenPool.Located::volume);
    return entry.record().kind().equals(Restores.KIND) && volume.isPresent()
        ? "To end a restore, remove its volume: moorage volume rm " + volume.get().owner() + "/" + volume.get().name() : "It goes on";
  }
}
