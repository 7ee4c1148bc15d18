package dev.moorage.repository.backup;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ObjectHead;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Sends finished packs from their spool files, a few at a time; whoever hands one over waits when too many are waiting, which bounds
 * the spool. A file is deleted when its pack is stored. The first failure is kept and thrown to whoever comes next. Safe for use by
 * several threads.
 */
final class Uploads implements AutoCloseable {

  private static final int SENDERS = 3;
  private static final int WAITING_MAX = 2;

  private final ObjectStore store;
  private final ThreadPoolExecutor senders;
  private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
  private final AtomicLong storedBytes = new AtomicLong();

  Uploads(ObjectStore store) {
    this.store = store;
    this.senders = new ThreadPoolExecutor(SENDERS, SENDERS, 1, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING_MAX),
        Thread.ofPlatform().name("moorage-upload-", 1).factory(), Uploads::handOver);
  }

  /** Waits for a place in the queue: what the sender cannot take yet must not pile up. */
  private static void handOver(Runnable task, ThreadPoolExecutor executor) {
    try {
      executor.getQueue().put(task);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends the file under that key and deletes it; waits while too many are on their way. */
  void send(ObjectKey key, Path spooled, long length, int crc32c) throws IOException {
    demandNoFailure();
    senders.execute(() -> store(key, spooled, length, crc32c));
  }

  private void store(ObjectKey key, Path spooled, long length, int crc32c) {
    if (failure.get() != null) {
      return;
    }
    try {
      if (store.putIfAbsent(key, Content.of(spooled, 0, length, crc32c)).isEmpty()) {
        demandOurs(key, length);
      }
      storedBytes.addAndGet(length);
      Files.delete(spooled);
    } catch (IOException e) {
      failure.compareAndSet(null, e);
    }
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

  long storedBytes() {
    return storedBytes.get();
  }

  /** Waits until everything is stored. */
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
  }

  @Override
  public void close() {
    senders.shutdownNow();
  }
}
