package dev.moorage.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for what the kernel or another process does in its own time. */
public final class Await {

  private static final Duration STEP = Duration.ofMillis(2);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private Await() {}

  /** Something that is looked at again and again. */
  public interface Condition {
    boolean holds() throws Exception;
  }

  /**
   * Returns as soon as the condition holds.
   *
   * @throws AssertionError naming {@code what} when it does not within 20 seconds
   */
  public static void until(String what, Condition condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain until " + what);
      }
      LockSupport.parkNanos(STEP.toNanos());
    }
  }
}
