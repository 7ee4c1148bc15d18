package dev.moorage.storage;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The thread on which jobs run, one after the other, so that background copies never take the disk from those who wait. */
final class JobRunner implements AutoCloseable {

  private static final Duration STOP = Duration.ofMinutes(1);

  private final ExecutorService thread;
  private volatile boolean stopping;

  JobRunner() {
    ThreadPoolExecutor one = new ThreadPoolExecutor(1, 1, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
        Thread.ofPlatform().name("moorage-job").factory());
    one.allowCoreThreadTimeOut(true);
    thread = one;
  }

  void submit(Runnable job) {
    thread.execute(job);
  }

  /** Called by a job between two steps: ends it by exception when the storage is being closed; it is resumed at the next opening. */
  void checkpoint() {
    if (stopping) {
      throw new CancellationException("the service is shutting down");
    }
  }

  /** Stops the job under way at its next checkpoint. */
  @Override
  public void close() {
    stopping = true;
    thread.shutdown();
    try {
      if (!thread.awaitTermination(STOP.toSeconds(), TimeUnit.SECONDS)) {
        System.getLogger(JobRunner.class.getName()).log(System.Logger.Level.WARNING, "a job does not stop; it is left to the next start");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
