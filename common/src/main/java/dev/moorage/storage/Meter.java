package dev.moorage.storage;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How far a transfer is, and how fast it is now: over the last seconds for who asks often, else since the last time that somebody asked.
 * Safe for use by several threads.
 */
final class Meter {

  private static final double NANOS_PER_SECOND = 1e9;
  private static final long WINDOW_NANOS = Duration.ofSeconds(10).toNanos();

  private final LongSupplier done;
  private final long totalBytes;
  private long oldNanos;
  private long oldBytes;
  private long youngNanos;
  private long youngBytes;

  private Meter(LongSupplier done, long totalBytes) {
    this.done = done;
    this.totalBytes = totalBytes;
    this.oldNanos = System.nanoTime();
    this.oldBytes = done.getAsLong();
    this.youngNanos = oldNanos;
    this.youngBytes = oldBytes;
  }

  /** What is done already, by an earlier attempt, counts as done and not for the rate. */
  static Meter begin(LongSupplier done, long totalBytes) {
    return new Meter(done, totalBytes);
  }

  Job.Progress progress() {
    long bytes = Math.min(done.getAsLong(), totalBytes);
    return new Job.Progress(bytes, totalBytes, bytesPerSecond());
  }

  synchronized long bytesPerSecond() {
    long now = System.nanoTime();
    long bytes = done.getAsLong();
    if (now - youngNanos > WINDOW_NANOS) {
      oldNanos = youngNanos;
      oldBytes = youngBytes;
      youngNanos = now;
      youngBytes = bytes;
    }
    return Math.max(0, Math.round((bytes - oldBytes) / (Math.max(1, now - oldNanos) / NANOS_PER_SECOND)));
  }

  double fraction() {
    return totalBytes == 0 ? 1 : Math.clamp((double) done.getAsLong() / totalBytes, 0, 1);
  }
}
