package dev.moorage.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Goal: counts are of all that moved, once, and a rate is of what moves now. */
final class TransferCountsTest {

  private final TransferCounts counts = new TransferCounts();
  private final AtomicLong read = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();

  @Test
  void whatMovesAndWhatHasMovedIsCountedOnceForEachRepository() {
    TransferCounts.Run run = counts.upload("vault", read::get, sent::get);
    read.set(100);
    sent.set(40);
    assertThat(counts.of("vault")).extracting(TransferCounts.Totals::read, TransferCounts.Totals::sent).containsExactly(100L, 40L);
    assertThat(counts.of("vault").uploadRate()).isPositive();
    run.close();
    run.close();
    assertThat(counts.of("vault")).isEqualTo(new TransferCounts.Totals(100, 40, 0, 0, 0));
    AtomicLong restored = new AtomicLong();
    try (TransferCounts.Run _ = counts.restore("vault", restored::get)) {
      restored.set(7);
      assertThat(counts.of("vault")).extracting(TransferCounts.Totals::read, TransferCounts.Totals::restored).containsExactly(100L, 7L);
    }
    assertThat(counts.of("other")).isEqualTo(new TransferCounts.Totals(0, 0, 0, 0, 0));
  }

  @Test
  void whatAnEarlierAttemptDidIsDoneButNoSpeed() {
    read.set(1000);
    Meter meter = Meter.begin(read::get, 4000);
    assertThat(meter.progress()).isEqualTo(new Job.Progress(1000, 4000, 0));
    assertThat(meter.fraction()).isEqualTo(0.25);
    read.set(5000);
    assertThat(meter.progress().doneBytes()).as("never more than there is").isEqualTo(4000);
    assertThat(meter.bytesPerSecond()).isPositive();
    assertThat(Meter.begin(read::get, 0).fraction()).isEqualTo(1);
  }
}
