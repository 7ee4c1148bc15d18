package dev.moorage.testkit.backend;

import dev.moorage.testkit.Until;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Counts up in two places, the same or two volumes, durably and always in the same order: n into the first, then n into the
 * second. At any one moment the first equals the second or is one ahead; whatever shows something else is not one moment.
 */
final class Writer implements AutoCloseable {

  static final int FIRST = 0;
  static final int SECOND = 1;

  private final Consumer first;
  private final Consumer second;
  private volatile boolean ended;
  private volatile long count;
  private CompletableFuture<Void> work = CompletableFuture.completedFuture(null);

  private Writer(Consumer first, Consumer second) {
    this.first = first;
    this.second = second;
  }

  static Writer start(Consumer first, Consumer second) {
    Writer writer = new Writer(first, second);
    writer.work = CompletableFuture.runAsync(writer::run, task -> Thread.ofPlatform().name("writer").start(task));
    return writer;
  }

  private void run() {
    try {
      for (long next = 1; !ended; next++) {
        first.write(FIRST, next);
        second.write(SECOND, next);
        count = next;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it has written some more. */
  void awaitMore() throws Exception {
    long before = count;
    Until.demand("the writer goes on", Duration.ofSeconds(20), () -> count > before + 2 || work.isCompletedExceptionally());
  }

  /** Ends it, and throws what it failed with. */
  @Override
  public void close() {
    ended = true;
    work.join();
  }
}
