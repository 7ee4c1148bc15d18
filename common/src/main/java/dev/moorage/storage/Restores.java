package dev.moorage.storage;

import dev.moorage.storage.OpenPool.Located;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Fills volumes that were made from remote snapshots, in the background. See {@link Storage} for what holds for every method. A restore
 * goes on by itself after a restart and after the store was away; until all of it is here and checked nobody can use the volume.
 */
public final class Restores {

  static final String KIND = "restore";

  /** What must be left of a mount's time when the data has come. */
  private static final Duration MOUNTING = Duration.ofSeconds(10);

  private final Core core;

  Restores(Core core) {
    this.core = core;
  }

  /** The restore of the volume: under way, over, or, when it had failed, run again. */
  public Job begin(Caller caller, VolumeRef ref) throws VolumeException {
    Located located = core.locate(caller, KIND, ref);
    Volume volume = located.volume();
    Operation operation = Operation.on(volume.id(), KIND, Core.subject(volume));
    Optional<JobTable.Entry> newest = core.jobs().of(volume.id(), KIND).findFirst();
    if (!volume.awaitsRestore() || (newest.isPresent() && newest.get().isRunning())) {
      return newest.map(JobTable.Entry::job).orElseGet(() -> new Job(volume.id().toString(), KIND, operation.subject(), Job.State.DONE, 1,
          volume.createdAt(), Optional.empty(), Optional.empty(), Optional.empty()));
    }
    return core.work().run(caller, operation, List.of(LockKey.of(volume.id())), () -> {
      Volume current = Core.current(operation.action(), located);
      return ensure(operation.action(), located.pool(), current).job();
    });
  }

  /** The job that fills the volume: the one there is, or a new one. */
  JobTable.Entry ensure(String action, OpenPool pool, Volume volume) throws VolumeException {
    Optional<JobTable.Entry> newest = core.jobs().of(volume.id(), KIND).findFirst();
    if (newest.isPresent() && newest.get().isRunning()) {
      return newest.get();
    }
    JobTable.Entry entry = newest.isPresent() ? core.jobs().again(action, newest.get())
        : core.jobs().begin(action, pool.pool().layout(),
            JobRecord.begun(KIND, subject(volume), volume.id(), Map.of(), core.clock().instant()));
    submit(pool, entry);
    return entry;
  }

  private static String subject(Volume volume) {
    return PrivateCopy.isOne(volume) ? "copy of " + PrivateCopy.subject(volume) : Core.subject(volume);
  }

  void submit(OpenPool pool, JobTable.Entry entry) {
    TransferRunner.Lane lane = pool.catalog().volume(entry.record().volume()).filter(PrivateCopy::isOne).isPresent()
        ? TransferRunner.Lane.VIEW : TransferRunner.Lane.RESTORE;
    core.transfers().submit(lane, KIND + " " + entry.record().volume(), new Persistence(core, entry,
        () -> Optional.of(new RestoreTask(core, pool, entry).run())));
  }

  /** A start finds volumes whose job was never recorded. */
  void ensureAll(OpenPool pool) throws VolumeException {
    for (Volume volume : pool.catalog().volumes()) {
      if (volume.awaitsRestore() && core.jobs().of(volume.id(), KIND).findFirst().isEmpty()) {
        ensure("restore volume " + volume.name(), pool, volume);
      }
    }
  }

  /**
   * Waits for the data of a volume that somebody wants to use, but not to the end of the caller's time: dockerd gives up a mount after
   * two minutes, and would never hear why. Holds nothing meanwhile.
   *
   * @return the caller with the time that is left
   * @throws VolumeException.Unavailable when the data is not all here
   */
  Caller await(Caller caller, String action, Volume volume) throws VolumeException {
    if (!volume.awaitsRestore()) {
      return caller;
    }
    long began = System.nanoTime();
    Optional<JobTable.Entry> entry = core.jobs().of(volume.id(), KIND).findFirst();
    boolean ended = entry.isPresent() && awaitEnd(action, entry.get(), slice(caller.deadline()));
    Duration left = caller.deadline().minusNanos(System.nanoTime() - began);
    String name = volume.owner() + "/" + volume.name();
    if (!ended && entry.isPresent()) {
      throw new Unavailable(action, "it is being restored: " + Activity.of(entry.get().job()),
          "Try again later, or wait for it: moorage volume restore " + name + " --wait");
    }
    Optional<String> error = entry.flatMap(each -> each.record().error());
    if (entry.isEmpty() || error.isPresent()) {
      throw new Unavailable(action, "its restore failed: " + error.orElse("it was never begun"),
          "Mend that and try again: moorage volume restore " + name + " --wait");
    }
    return new Caller(caller.door(), caller.owner(), caller.patience(), left);
  }

  private static Duration slice(Duration deadline) {
    Duration half = deadline.dividedBy(2);
    Duration most = deadline.minus(MOUNTING);
    return most.compareTo(half) > 0 ? most : half;
  }

  private static boolean awaitEnd(String action, JobTable.Entry entry, Duration atMost) throws VolumeException {
    try {
      return entry.latch().await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable(action, "the caller was interrupted", "Try again", e);
    }
  }

  /** Ends the restore of a volume that is removed, and waits until nothing writes into it any more. */
  void cancel(String action, Volume volume) throws VolumeException {
    Optional<JobTable.Entry> entry = core.jobs().running(volume.id(), KIND);
    if (entry.isEmpty()) {
      return;
    }
    if (!entry.get().cancel()) {
      core.jobs().end(entry.get(), Optional.of("the volume was removed before it was restored"));
      return;
    }
    demandEnd(action, entry.get());
  }

  /** Waits for a job that was told to end. */
  static void demandEnd(String action, JobTable.Entry entry) throws VolumeException {
    if (!awaitEnd(action, entry, MOUNTING)) {
      throw new Unavailable(action, "the " + entry.record().kind() + " does not stop", "Try again in a moment");
    }
  }
}
