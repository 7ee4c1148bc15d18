package dev.moorage.docker;

import dev.moorage.storage.Caller;
import dev.moorage.storage.Storage;
import dev.moorage.storage.VolumeRef;
import dev.moorage.storage.VolumeStatus;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import jakarta.json.JsonObject;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks for what is going on with a volume, for a short time: dockerd asks before each mount and unmount, and must get an answer
 * for every volume that exists, whatever the state of its disk. Trouble is told in the status itself.
 */
final class LiveStatus implements AutoCloseable {

  private static final int THREADS = 4;
  private static final int WAITING_MAX = 4096;
  private static final long THREAD_IDLE_SECONDS = 10;

  /** Platform threads, because a system call that hangs would take a virtual one's carrier with it. */
  private final ThreadPoolExecutor threads;

  LiveStatus() {
    threads = new ThreadPoolExecutor(THREADS, THREADS, THREAD_IDLE_SECONDS, TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(WAITING_MAX), Thread.ofPlatform().daemon().name("docker-status-", 1).factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /** The status, or as much of it as is known without asking. */
  JsonObject of(Storage storage, Volume volume, Caller caller) {
    Future<VolumeStatus> answer;
    try {
      answer = threads.submit(() -> storage.volumes().status(caller, new VolumeRef.ById(volume.id())));
    } catch (RejectedExecutionException e) {
      return StatusReport.ofTrouble(volume, "many volumes are asked about at this moment");
    }
    try {
      return StatusReport.of(answer.get(caller.deadline().toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      answer.cancel(false);
      return StatusReport.ofTrouble(volume, "the disk did not answer within " + caller.deadline().toMillis() + " ms");
    } catch (ExecutionException e) {
      String reason = e.getCause() instanceof VolumeException failure ? failure.reason() : "internal error: " + e.getCause();
      return StatusReport.ofTrouble(volume, reason);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return StatusReport.ofTrouble(volume, "the service is shutting down");
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
