package dev.moorage.objectstore;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How time passes for those who wait on purpose: between attempts, or to keep to a bandwidth. Safe for use by several threads. */
public interface Pace {

  /** Nanoseconds since some moment, as {@link System#nanoTime}. */
  long nanoTime();

  /** Returns after that time, or when interrupted. */
  void pause(Duration time) throws InterruptedException;

  /** The time of this machine. */
  static Pace real() {
    return new Real();
  }

  /** Waits for what never comes. */
  final class Real implements Pace {

    private final CountDownLatch never = new CountDownLatch(1);

    private Real() {}

    @Override
    public long nanoTime() {
      return System.nanoTime();
    }

    @Override
    public void pause(Duration time) throws InterruptedException {
      // Comes back by its time-out only.
      if (never.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new IllegalStateException("nobody counts this latch down");
      }
    }
  }
}
