package dev.moorage.docker;

import dev.moorage.storage.Caller;
import dev.moorage.volume.Owner;
import java.time.Duration;

/** Until when one call must be answered. */
final class Deadline {

  static final String DOOR = "docker";

  private static final Duration LEAST = Duration.ofMillis(100);

  private final DockerTimes times;
  private final long endNanos;

  private Deadline(DockerTimes times, long endNanos) {
    this.times = times;
    this.endNanos = endNanos;
  }

  static Deadline of(DockerCall call, DockerTimes times) {
    return new Deadline(times, System.nanoTime() + times.of(call).toNanos());
  }

  private Duration left() {
    return atLeast(LEAST, Duration.ofNanos(endNanos - System.nanoTime()));
  }

  /** How long the catalog may still take to load. */
  Duration forCatalog() {
    return atMost(times.catalog(), left());
  }

  /** The caller for the storage: patience and work together end before this does. */
  Caller caller() {
    Duration left = left();
    Duration patience = atMost(times.patience(), left.dividedBy(2));
    return new Caller(DOOR, Owner.DOCKER, patience, left.minus(patience));
  }

  /** The caller for the live part of a status. */
  Caller statusCaller() {
    return new Caller(DOOR, Owner.DOCKER, Duration.ZERO, atMost(times.status(), left()));
  }

  private static Duration atMost(Duration most, Duration duration) {
    return duration.compareTo(most) > 0 ? most : duration;
  }

  private static Duration atLeast(Duration least, Duration duration) {
    return duration.compareTo(least) < 0 ? least : duration;
  }
}
