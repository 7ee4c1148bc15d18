package dev.moorage.testkit.objectstore;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Several threads that begin the same thing at the same moment. */
public final class Together {

  private Together() {}

  /** What one of them does; it is told its number, from 0. */
  @FunctionalInterface
  public interface Part<T> {
    T run(int number) throws Exception;
  }

  /** Runs all parts and returns their results by number; the first failure is thrown when all have ended. */
  public static <T> List<T> run(int count, Part<T> part) throws Exception {
    CountDownLatch start = new CountDownLatch(1);
    List<Future<T>> futures = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
      for (int i = 0; i < count; i++) {
        int number = i;
        Callable<T> callable = () -> {
          start.await();
          return part.run(number);
        };
        futures.add(threads.submit(callable));
      }
      start.countDown();
    }
    List<T> results = new ArrayList<>();
    for (Future<T> future : futures) {
      try {
        results.add(future.get());
      } catch (ExecutionException e) {
        throw new AssertionError("one of several threads failed", e.getCause());
      }
    }
    return results;
  }
}
