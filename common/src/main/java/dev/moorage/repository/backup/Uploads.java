package dev.moorage.repository.backup;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ObjectHead;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Sends finished packs from their spool files, a few at a time; whoever hands one over waits when too many are waiting, which bounds
 * the spool. A file is deleted when its pack is stored. The first failure, of whatever kind, is kept and thrown to whoever comes next:
 * {@link #finish} returns only when the store has acknowledged every pack that was ever handed over. Safe for use by several threads.
 */
final class Uploads implements AutoCloseable {

  private static final int SENDERS = 3;
  private static final int WAITING_MAX = 2;

  private final ObjectStore store;
  private final BackupStats stats;
  private final ExecutorService senders = Executors.newFixedThreadPool(SENDERS, Thread.ofPlatform().name("moorage-upload-", 1).factory());
  private final Semaphore places = new Semaphore(SENDERS + WAITING_MAX);
  private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
  private final AtomicLong handedOver = new AtomicLong();
  private final AtomicLong stored = new AtomicLong();

  /** {@code stats} is told of what is stored. */
  Uploads(ObjectStore store, BackupStats stats) {
    this.store = store;
    this.stats = stats;
  }

  /**
   * Sends the file under that key and deletes it; waits while too many are on their way.
   *
   * @throws IOException when an earlier pack could not be stored, or the thread is interrupted; this pack is not stored then
   */
  void send(ObjectKey key, Path spooled, long length, int crc32c) throws IOException {
    demandNoFailure();
    handedOver.incrementAndGet();
    try {
      places.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the backup was interrupted", e);
    }
    senders.execute(() -> attempt(key, spooled, length, crc32c));
  }

  private void attempt(ObjectKey key, Path spooled, long length, int crc32c) {
    boolean ended = false;
    try {
      if (failure.get() == null) {
        store(key, spooled, length, crc32c);
      }
      ended = true;
    } catch (IOException e) {
      failure.compareAndSet(null, e);
      ended = true;
    } finally {
      if (!ended) {
        // A mistake of a program, whose text the thread's end tells.
        failure.compareAndSet(null, new IOException("sending " + key + " ended unexpectedly"));
      }
      places.release();
    }
  }

  private void store(ObjectKey key, Path spooled, long length, int crc32c) throws IOException {
    if (store.putIfAbsent(key, Content.of(spooled, 0, length, crc32c)).isEmpty()) {
      demandOurs(key, length);
    }
    stored.incrementAndGet();
    stats.sent(length);
    Files.delete(spooled);
  }

  /** The name of a pack is random, so an object of that name and length is ours: the answer to an earlier try was lost. */
  private void demandOurs(ObjectKey key, long length) throws IOException {
    Optional<ObjectHead> head = store.head(key);
    if (head.isEmpty() || head.get().size() != length) {
      throw new IOException("store " + key + ": there is another object of that name");
    }
  }

  /** Throws what went wrong so far. */
  void demandNoFailure() throws IOException {
    IOException first = failure.get();
    if (first != null) {
      throw first;
    }
  }

  /** Waits until everything is stored. Nothing may be handed over any more. */
  void finish() throws IOException {
    senders.shutdown();
    try {
      while (!senders.awaitTermination(1, TimeUnit.MINUTES)) {
        demandNoFailure();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the backup was interrupted", e);
    }
    demandNoFailure();
    if (stored.get() != handedOver.get()) {
      throw new IOException("of " + handedOver + " packs only " + stored + " were stored");
    }
  }

  @Override
  public void close() {
    senders.shutdownNow();
  }
}
