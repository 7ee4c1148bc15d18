package dev.moorage.objectstore;

import java.time.Duration;

/**
 * A limit of bytes per second that all who share it keep together. Whoever takes bytes waits until those taken before are paid for, so
 * one take is never refused and the mean is kept; what nobody used is not saved for later. Safe for use by several threads.
 */
public final class Bandwidth {

  private final long bytesPerSecond;
  private final Pace pace;
  private long freeAt;

  /** At most so many bytes per second, at least one. */
  public Bandwidth(long bytesPerSecond, Pace pace) {
    if (bytesPerSecond < 1) {
      throw new IllegalArgumentException("a bandwidth of " + bytesPerSecond);
    }
    this.bytesPerSecond = bytesPerSecond;
    this.pace = pace;
    this.freeAt = pace.nanoTime();
  }

  /** Waits for the turn of so many bytes. */
  void take(int bytes) throws InterruptedException {
    long wait = reserve(bytes);
    if (wait > 0) {
      pace.pause(Duration.ofNanos(wait));
    }
  }

  private synchronized long reserve(int bytes) {
    long now = pace.nanoTime();
    long begin = Math.max(freeAt, now);
    freeAt = begin + (long) (bytes * 1e9 / bytesPerSecond);
    return begin - now;
  }
}
