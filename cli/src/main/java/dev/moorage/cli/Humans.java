package dev.moorage.cli;

import dev.moorage.volume.ByteSize;
import java.time.Duration;
import java.time.Instant;

/** Numbers as people read them. */
final class Humans {

  private Humans() {}

  /** {@code 1.5G}; a dash for a size that is not known. */
  static String size(long bytes) {
    return bytes < 0 ? "-" : ByteSize.ofBytes(bytes).toString();
  }

  /** The whole of the largest fitting unit: {@code 42s}, {@code 5m}, {@code 3h}, {@code 12d}, {@code 2y}. */
  static String span(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3600) {
      return seconds / 60 + "m";
    }
    if (seconds < 86_400) {
      return seconds / 3600 + "h";
    }
    return seconds < 730 * 86_400L ? seconds / 86_400 + "d" : seconds / (365 * 86_400L) + "y";
  }

  /** How long ago the time of an ISO 8601 text was; a dash when there is none. */
  static String age(String instant, Instant now) {
    return instant.isEmpty() ? "-" : span(Duration.between(Instant.parse(instant), now));
  }
}
