package dev.moorage.testkit;

import java.time.Duration;

/** Waiting in tests for what other programs and the kernel do in their own time. */
public final class Until {

  private static final Duration PAUSE = Duration.ofMillis(10);

  private Until() {}

  /** What is waited for; an exception ends the waiting. */
  @FunctionalInterface
  public interface Condition<E extends Exception> {
    boolean isMet() throws E;
  }

  /** Asks again and again until the condition is met or the deadline has passed; whether it was met. */
  public static <E extends Exception> boolean holds(Duration deadline, Condition<E> condition) throws E {
    long end = System.nanoTime() + deadline.toNanos();
    while (!condition.isMet()) {
      if (System.nanoTime() > end) {
        return false;
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }

  /** The same, but fails the test, saying what was waited for. */
  public static <E extends Exception> void demand(String what, Duration deadline, Condition<E> condition) throws E {
    if (!holds(deadline, condition)) {
      throw new AssertionError("within " + deadline.toMillis() + " ms it did not come about that " + what);
    }
  }
}
