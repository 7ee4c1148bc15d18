package dev.moorage.repository.gc;

import dev.moorage.objectstore.ObjectStoreException;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Does the same with many things, a few at once: waiting for a store is what takes the time. */
final class Lanes {

  private Lanes() {}

  /** What is done with one of them; may run beside itself. */
  @FunctionalInterface
  interface Step<T> {
    void with(T thing, int number) throws IOException;
  }

  /**
   * Does it with each; returns when all are done. With one lane it happens in order, on this thread. The first failure is thrown, after
   * what is under way has ended; nothing more is begun.
   */
  static <T> void forEach(List<T> things, int lanes, Step<T> step) throws IOException {
    if (lanes == 1 || things.size() < 2) {
      for (int number = 0; number < things.size(); number++) {
        step.with(things.get(number), number);
      }
      return;
    }
    AtomicInteger next = new AtomicInteger();
    AtomicBoolean failed = new AtomicBoolean();
    Callable<Void> lane = () -> {
      try {
        for (int number = next.getAndIncrement(); number < things.size() && !failed.get(); number = next.getAndIncrement()) {
          step.with(things.get(number), number);
        }
      } catch (IOException | RuntimeException | Error e) {
        failed.set(true);
        throw e;
      }
      return null;
    };
    run(Collections.nCopies(Math.min(lanes, things.size()), lane));
  }

  private static void run(List<Callable<Void>> lanes) throws IOException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Void> each : threads.invokeAll(lanes)) {
        each.get();
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failure -> throw failure;
        case RuntimeException bug -> throw bug;
        case null, default -> throw new IOException("cannot read what snapshots refer to: " + e.getCause(), e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ObjectStoreException.Interrupted("read what snapshots refer to", e);
    }
  }
}
