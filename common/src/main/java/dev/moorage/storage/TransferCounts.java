package dev.moorage.storage;

import dev.moorage.volume.VolumeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * What was moved to and from each repository since the process began, what is moving now included, and the newest trouble of uploads.
 * Counts never go back. Safe for use by several threads.
 */
final class TransferCounts {

  private final Map<String, Totals> ended = new HashMap<>();
  private final Set<Run> running = new HashSet<>();
  private final Map<String, Trouble> troubles = new HashMap<>();

  /** Why the newest upload that could not go on could not. */
  record Trouble(Instant at, String reason) {}

  /** Bytes read, stored and restored, and bytes a second now. */
  record Totals(long read, long sent, long restored, long uploadRate, long restoreRate) {

    private static final Totals NONE = new Totals(0, 0, 0, 0, 0);

    private Totals plus(Totals other) {
      return new Totals(read + other.read, sent + other.sent, restored + other.restored, uploadRate + other.uploadRate,
          restoreRate + other.restoreRate);
    }

    private Totals atRest() {
      return new Totals(read, sent, restored, 0, 0);
    }
  }

  private interface Source {
    Totals now();
  }

  /** A transfer under way; closing it leaves what it did in the totals. */
  final class Run implements AutoCloseable {
    private final String repository;
    private final Source source;

    private Run(String repository, Source source) {
      this.repository = repository;
      this.source = source;
    }

    @Override
    public void close() {
      synchronized (TransferCounts.this) {
        if (running.remove(this)) {
          ended.merge(repository, source.now().atRest(), Totals::plus);
        }
      }
    }
  }

  Run upload(String repository, LongSupplier read, LongSupplier sent) {
    Meter rate = Meter.begin(sent, Long.MAX_VALUE);
    return begin(repository, () -> new Totals(read.getAsLong(), sent.getAsLong(), 0, rate.bytesPerSecond(), 0));
  }

  /** {@code restored} begins at 0. */
  Run restore(String repository, LongSupplier restored) {
    Meter rate = Meter.begin(restored, Long.MAX_VALUE);
    return begin(repository, () -> new Totals(0, 0, restored.getAsLong(), 0, rate.bytesPerSecond()));
  }

  private synchronized Run begin(String repository, Source source) {
    Run run = new Run(repository, source);
    running.add(run);
    return run;
  }

  synchronized Totals of(String repository) {
    Totals sum = ended.getOrDefault(repository, Totals.NONE);
    for (Run each : running) {
      sum = each.repository.equals(repository) ? sum.plus(each.source.now()) : sum;
    }
    return sum;
  }

  /** The upload of that job failed, or must wait. */
  synchronized void trouble(JobRecord record, VolumeException failure, Instant at) {
    if (record.kind().equals(Uploads.KIND)) {
      UploadOrder.of(record).ifPresent(order -> troubles.put(order.repository(),
          new Trouble(at, order.label() + ": " + failure.reason())));
    }
  }

  synchronized Optional<Trouble> trouble(String repository) {
    return Optional.ofNullable(troubles.get(repository));
  }
}
