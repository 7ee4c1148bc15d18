package dev.moorage.storage;

import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.Busy;
import dev.moorage.volume.VolumeException.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs operations: locks what they change, has them done by a bounded number of platform threads, and gives their callers the
 * result or, at their deadline, leave to go. What was begun is finished. Each operation ends in one audit line.
 */
final class Work implements AutoCloseable {

  private static final int WORKERS = 16;
  private static final int WAITING_MAX = 1024;
  private static final Duration WORKER_IDLE = Duration.ofSeconds(30);
  private static final Duration DRAIN = Duration.ofMinutes(5);

  private final KeyedLock locks;
  private final Journal journal;
  private final ThreadPoolExecutor workers;

  Work(KeyedLock locks, Journal journal) {
    this.locks = locks;
    this.journal = journal;
    this.workers = new ThreadPoolExecutor(WORKERS, WORKERS, WORKER_IDLE.toSeconds(), TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(WAITING_MAX), Thread.ofPlatform().name("moorage-work-", 1).factory());
    // An idle service keeps no threads and none of their stacks.
    workers.allowCoreThreadTimeOut(true);
  }

  KeyedLock locks() {
    return locks;
  }

  Journal journal() {
    return journal;
  }

  /**
   * Does the task and waits for it; what it did stays when the caller has left.
   *
   * @throws Busy when a key is taken for longer than the caller's patience, or too much is under way altogether
   * @throws Unavailable when the caller's deadline passes first
   */
  <T> T run(Caller caller, Operation operation, List<LockKey> keys, Task<T> task) throws VolumeException {
    return run(caller, operation, keys, task, Task.Withdrawal.none());
  }

  /** As the other; what it did is taken back, still under the locks, when the caller has left before it was done. */
  <T> T run(Caller caller, Operation operation, List<LockKey> keys, Task<T> task, Task.Withdrawal<T> withdrawal)
      throws VolumeException {
    long began = System.nanoTime();
    Errand<T> errand;
    try {
      KeyedLock.Hold hold = locks.acquire(operation.action(), caller.patience(), keys);
      errand = new Errand<>(caller, operation, task, withdrawal, hold, journal, began);
      submit(operation, errand, hold);
    } catch (VolumeException e) {
      journal.failed(caller.door(), operation, e, System.nanoTime() - began);
      throw e;
    }
    return errand.await();
  }

  private void submit(Operation operation, Runnable errand, KeyedLock.Hold hold) throws VolumeException {
    try {
      workers.execute(errand);
    } catch (RejectedExecutionException e) {
      hold.close();
      if (workers.isShutdown()) {
        throw new Unavailable(operation.action(), "the service is shutting down", "Try again when it is back", e);
      }
      throw new Busy(operation.action(), "too many operations are under way", "Try again in a moment", e);
    }
  }

  /** Records an operation that was refused before anything was locked, and gives the refusal back to be thrown. */
  VolumeException refused(Caller caller, Operation operation, VolumeException refusal) {
    journal.failed(caller.door(), operation, refusal, 0);
    return refusal;
  }

  /** Refuses new work and finishes what was begun. */
  @Override
  public void close() {
    workers.shutdown();
    boolean interrupted = false;
    long end = System.nanoTime() + DRAIN.toNanos();
    while (!workers.isTerminated() && System.nanoTime() < end) {
      try {
        boolean drained = workers.awaitTermination(1, TimeUnit.SECONDS);
        assert drained == workers.isTerminated() : "a terminated pool stays so";
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
