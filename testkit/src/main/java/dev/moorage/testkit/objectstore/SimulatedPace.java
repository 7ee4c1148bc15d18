package dev.moorage.testkit.objectstore;

import dev.moorage.objectstore.Pace;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes by pausing alone, at once. Safe for use by several threads. */
public final class SimulatedPace implements Pace {

  private final AtomicLong nanos = new AtomicLong();

  public SimulatedPace() {}

  @Override
  public long nanoTime() {
    return nanos.get();
  }

  @Override
  public void pause(Duration time) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted before the pause");
    }
    nanos.addAndGet(time.toNanos());
  }
}
