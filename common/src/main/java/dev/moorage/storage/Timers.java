package dev.moorage.storage;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** One platform thread for what is done from time to time. */
final class Timers implements Executor, AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Timers.class.getName());
  private static final Duration STOP = Duration.ofMinutes(1);

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("moorage-timer").daemon().factory());

  void every(Duration period, Runnable task) {
    ScheduledFuture<?> scheduled =
        thread.scheduleWithFixedDelay(guarded(task), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    assert !scheduled.isCancelled() : "just scheduled";
  }

  @Override
  public void execute(Runnable task) {
    thread.execute(guarded(task));
  }

  /** The edge of this thread: a task that throws must not silently end its own repetition. */
  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        LOG.log(System.Logger.Level.ERROR, "a task of the timer failed; it is repeated", e);
      }
    };
  }

  @Override
  public void close() {
    // Not interrupted: what is under way is finished, what is scheduled is dropped.
    thread.shutdown();
    try {
      if (!thread.awaitTermination(STOP.toSeconds(), TimeUnit.SECONDS)) {
        LOG.log(System.Logger.Level.WARNING, "a task of the timer does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
