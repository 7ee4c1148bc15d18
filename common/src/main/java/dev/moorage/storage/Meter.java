package dev.moorage.storage;

import java.util.function.LongSupplier;

/** How far a transfer is since it was begun or resumed. Immutable but for what {@code done} counts. */
record Meter(LongSupplier done, long totalBytes, long beganNanos) {

  private static final double NANOS_PER_SECOND = 1e9;

  static Meter begin(LongSupplier done, long totalBytes) {
    return new Meter(done, totalBytes, System.nanoTime());
  }

  Job.Progress progress() {
    long bytes = Math.min(done.getAsLong(), totalBytes);
    double seconds = Math.max(1, System.nanoTime() - beganNanos) / NANOS_PER_SECOND;
    return new Job.Progress(bytes, totalBytes, Math.round(bytes / seconds));
  }

  double fraction() {
    return totalBytes == 0 ? 1 : Math.clamp((double) done.getAsLong() / totalBytes, 0, 1);
  }
}
