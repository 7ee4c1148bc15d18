package dev.moorage.storage;

import dev.moorage.backend.BackendFeature;
import dev.moorage.backend.Home;
import dev.moorage.backend.Origin;
import dev.moorage.storage.OpenPool.Located;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.Unsupported;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** Rewrites an idle volume in as few extents as possible, as a job that holds the volume's lock until it ends. */
record Compaction(Core core) {

  static final String KIND = "compact";
  /** The door in the audit line of a job's end: nobody waits for it. */
  private static final String BACKGROUND = "moorage";

  /** The job that is under way for the volume, or a new one. */
  Job begin(Caller caller, Located located) throws VolumeException {
    Optional<JobTable.Entry> running = core.jobs().running(located.volume().id(), KIND);
    if (running.isPresent()) {
      return running.get().job();
    }
    Operation operation = Operation.on(located.volume().id(), KIND, Core.subject(located.volume()));
    KeyedLock.Hold hold = lock(caller.patience(), located, operation);
    boolean begun = false;
    try {
      JobTable.Entry entry = core.work().run(caller, operation, List.of(), () -> record(operation, located, hold));
      begun = true;
      return entry.job();
    } catch (VolumeException.Unavailable e) {
      // The caller left; the worker still has the hold and will pass it on to the job or release it.
      begun = true;
      throw e;
    } finally {
      if (!begun) {
        hold.close();
      }
    }
  }

  private KeyedLock.Hold lock(Duration patience, Located located, Operation operation) throws VolumeException {
    return core.work().locks().acquire(operation.action(), patience, List.of(LockKey.of(located.volume().id())));
  }

  private JobTable.Entry record(Operation operation, Located located, KeyedLock.Hold hold) throws VolumeException {
    boolean passedOn = false;
    try {
      OpenPool pool = located.pool();
      Volume volume = Core.current(operation.action(), located);
      Core.demandWhole(operation.action(), volume);
      if (!pool.backend(volume).profile().has(BackendFeature.CLONE)) {
        throw new Unsupported(operation.action(), "backend " + volume.spec().backend().word() + " has no images", "It needs none");
      }
      Idle.demand(operation.action(), pool, volume);
      JobTable.Entry entry = core.jobs().begin(operation.action(), pool.pool().layout(),
          JobRecord.begun(KIND, operation.subject(), volume.id(), Map.of(), core.clock().instant()));
      core.runner().submit(() -> run(operation, located, entry, hold));
      passedOn = true;
      return entry;
    } finally {
      if (!passedOn) {
        hold.close();
      }
    }
  }

  /** Goes on with a job that was under way when the storage was closed or the process died. */
  void resume(OpenPool pool, JobTable.Entry entry) throws VolumeException {
    Optional<Volume> volume = pool.catalog().volume(entry.record().volume());
    if (volume.isEmpty()) {
      core.jobs().end(entry, Optional.of("the volume is gone"));
      return;
    }
    Located located = new Located(pool, volume.get());
    Operation operation = Operation.on(volume.get().id(), KIND, Core.subject(volume.get()));
    KeyedLock.Hold hold = lock(Duration.ZERO, located, operation);
    core.runner().submit(() -> run(operation, located, entry, hold));
  }

  private void run(Operation operation, Located located, JobTable.Entry entry, KeyedLock.Hold hold) {
    long began = System.nanoTime();
    Operation end = Operation.on(located.volume().id(), "finish-" + KIND, operation.subject());
    try (hold) {
      core.runner().checkpoint();
      copy(operation.action(), located, entry);
      core.jobs().end(entry, Optional.empty());
      core.journal().ended(BACKGROUND, end, Outcome.OK, System.nanoTime() - began, "");
    } catch (VolumeException e) {
      core.jobs().end(entry, Optional.of(e.getMessage() == null ? e.reason() : e.getMessage()));
      core.journal().failed(BACKGROUND, end, e, System.nanoTime() - began);
    } catch (CancellationException e) {
      System.getLogger(Compaction.class.getName()).log(System.Logger.Level.INFO, operation.action() + " is left to the next start");
    }
  }

  private void copy(String action, Located located, JobTable.Entry entry) throws VolumeException {
    OpenPool pool = located.pool();
    Volume volume = Core.current(action, located);
    Idle.demand(action, pool, volume);
    Home source = pool.catalog().home(volume);
    Origin copy = new Origin.CopyOf(source, fraction -> {
      entry.progress(fraction);
      core.runner().checkpoint();
    });
    long written = Math.max(0, pool.backend(volume).inspect(source).allocated());
    Volume compacted = core.room().with(pool, 0, written, () -> pool.catalog().replaceData(volume, copy));
    assert compacted.id().equals(volume.id()) : "the data changed, not the volume";
  }
}
