package dev.moorage.csi;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One thread that does things now and then. What fails is logged and done again at its next time. Safe for use by several threads. */
public final class Rounds implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger("dev.moorage.csi");

  private final ScheduledThreadPoolExecutor thread;

  /** {@code name} is the thread's. */
  public Rounds(String name) {
    thread = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name(name).factory());
    thread.setRemoveOnCancelPolicy(true);
  }

  /** From {@code first} from now on, that long after the end of the time before. */
  public void every(Duration first, Duration period, Runnable task) {
    ScheduledFuture<?> scheduled =
        thread.scheduleWithFixedDelay(guarded(task), first.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    demandScheduled(scheduled);
  }

  /** Once; never when it is closed before. */
  public void after(Duration delay, Runnable task) {
    try {
      demandScheduled(thread.schedule(guarded(task), delay.toMillis(), TimeUnit.MILLISECONDS));
    } catch (RejectedExecutionException e) {
      LOG.log(System.Logger.Level.DEBUG, "closed meanwhile");
    }
  }

  private static void demandScheduled(ScheduledFuture<?> scheduled) {
    if (scheduled.isCancelled()) {
      throw new IllegalStateException("the thread has ended");
    }
  }

  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "BUG: something that is done now and then failed", e);
      }
    };
  }

  /** What is being done is not interrupted. */
  @Override
  public void close() {
    thread.shutdown();
  }
}
