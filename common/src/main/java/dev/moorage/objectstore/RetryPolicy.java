package dev.moorage.objectstore;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often and how long a failed request is repeated.
 *
 * @param firstPause the longest pause before the second attempt; it doubles with each further one
 * @param longestPause what it does not grow beyond
 * @param deadline how long after the first attempt a last one may begin; for a stream, after the last byte that came
 */
public record RetryPolicy(Duration firstPause, Duration longestPause, Duration deadline) {

  public RetryPolicy {
    if (firstPause.isNegative() || firstPause.isZero() || longestPause.compareTo(firstPause) < 0 || deadline.isNegative()) {
      throw new IllegalArgumentException("no policy: " + firstPause + ", " + longestPause + ", " + deadline);
    }
  }

  /** For background work: up to two minutes. */
  public static RetryPolicy standard() {
    return new RetryPolicy(Duration.ofMillis(100), Duration.ofSeconds(20), Duration.ofMinutes(2));
  }

  /** The pause after so many failed attempts: between half of what it may be and all of it, so that clients do not come together. */
  Duration pause(int failed, RandomGenerator random) {
    long nanos = firstPause.toNanos();
    for (int i = 1; i < failed && nanos < longestPause.toNanos(); i++) {
      nanos *= 2;
    }
    long most = Math.min(nanos, longestPause.toNanos());
    return Duration.ofNanos(most / 2 + random.nextLong(most / 2 + 1));
  }
}
