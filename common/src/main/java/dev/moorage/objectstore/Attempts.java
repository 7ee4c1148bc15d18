package dev.moorage.objectstore;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The attempts at one request: waits between them, and says when it is enough. For one thread. */
final class Attempts {

  private final RetryPolicy policy;
  private final RandomGenerator random;
  private final Pace pace;
  private long start;
  private int failed;
  private boolean inDoubt;

  Attempts(RetryPolicy policy, RandomGenerator random, Pace pace) {
    this.policy = policy;
    this.random = random;
    this.pace = pace;
    this.start = pace.nanoTime();
  }

  /** Begins anew: something was achieved. */
  void restart() {
    start = pace.nanoTime();
    failed = 0;
  }

  /** Whether an attempt so far may have been carried out although it failed. */
  boolean inDoubt() {
    return inDoubt;
  }

  /**
   * Waits before the next attempt.
   *
   * @throws ObjectStoreException the failure itself, when trying again cannot help or the deadline would pass
   */
  void failed(ObjectStoreException failure) throws ObjectStoreException {
    failed++;
    // A store that throttles says that it did nothing; of any other failure it is not known.
    inDoubt |= !(failure instanceof ObjectStoreException.Throttled);
    Duration pause = policy.pause(failed, random);
    Optional<Duration> asked = failure instanceof ObjectStoreException.Throttled throttled ? throttled.retryAfter() : Optional.empty();
    if (asked.isPresent() && asked.get().compareTo(pause) > 0) {
      pause = asked.get();
    }
    if (!failure.isRetriable() || pace.nanoTime() - start + pause.toNanos() > policy.deadline().toNanos()) {
      throw failure;
    }
    try {
      pace.pause(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      ObjectStoreException interrupted = new ObjectStoreException.Interrupted(failure.action(), e);
      interrupted.addSuppressed(failure);
      throw interrupted;
    }
  }
}
