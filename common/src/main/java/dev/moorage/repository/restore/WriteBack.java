package dev.moorage.repository.restore;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Has the disk write what was restored while more is still being decoded: the kernel would begin only when a tenth of the memory is dirty,
 * and the last flush would then wait for all of it. All flushes happen on one thread, one after the other: the kernel tells a failed write
 * to one flush alone, so the failure of any is that of all later ones. Safe for use by several threads.
 */
final class WriteBack implements AutoCloseable {

  /** Little enough to begin early, and enough for long extents. */
  private static final long BYTES = 128L << 20;

  private final RestoreTarget target;
  private final ExecutorService thread = Executors.newSingleThreadExecutor(Thread.ofPlatform().name("moorage-write-back").factory());
  private final AtomicLong written = new AtomicLong();
  private final AtomicBoolean busy = new AtomicBoolean();
  private volatile @Nullable IOException failure;

  WriteBack(RestoreTarget target) {
    this.target = target;
  }

  /** So many bytes more wait to be written. */
  void wrote(int bytes) {
    if (written.addAndGet(bytes) >= BYTES && busy.compareAndSet(false, true)) {
      written.set(0);
      thread.execute(() -> {
        flushNow();
        busy.set(false);
      });
    }
  }

  /** Makes everything durable that was written; throws also what an earlier flush met. */
  void flush() throws IOException {
    try {
      thread.submit(this::flushNow).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the restore was interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("BUG: a flush failed unexpectedly", e);
    }
    IOException first = failure;
    if (first != null) {
      throw first;
    }
  }

  private void flushNow() {
    try {
      target.flush();
    } catch (IOException e) {
      failure = failure == null ? e : failure;
    }
  }

  /** Waits for the flush under way. */
  @Override
  public void close() {
    thread.close();
  }
}
