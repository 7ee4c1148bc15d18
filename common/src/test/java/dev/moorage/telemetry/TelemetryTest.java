package dev.moorage.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Goal: what was done can be read back as events and as metrics. Method: record, then ask. */
final class TelemetryTest {

  private final Telemetry telemetry = new Telemetry();

  @Test
  void eventsAreNumberedAndAskedForByNumber() {
    for (int i = 0; i < 3; i++) {
      telemetry.ended("docker", "create", "volume db" + i, "ok", 2_000_000, "");
    }

    assertThat(telemetry.events(0)).extracting(Event::number).containsExactly(1L, 2L, 3L);
    assertThat(telemetry.events(2)).extracting(Event::subject).containsExactly("volume db2");
    assertThat(telemetry.events(0).getFirst().millis()).isEqualTo(2);
  }

  @Test
  void onlyTheNewestThousandEventsAreKept() {
    for (int i = 0; i < 1500; i++) {
      telemetry.ended("docker", "mount", "volume db", "ok", 1, "");
    }

    assertThat(telemetry.events(0)).hasSize(1000);
    assertThat(telemetry.events(0).getFirst().number()).isEqualTo(501);
  }

  @Test
  void operationsAreCountedAndTimedByVerbAndOutcome() {
    telemetry.ended("docker", "create", "volume db", "ok", 3_000_000_000L, "");
    telemetry.ended("docker", "create", "volume db", "no-space", 1, "full");

    assertThat(telemetry.scrape())
        .contains("moorage_operations_total{outcome=\"ok\",verb=\"create\"} 1.0")
        .contains("moorage_operations_total{outcome=\"no-space\",verb=\"create\"} 1.0")
        .contains("moorage_operation_seconds_sum{outcome=\"ok\",verb=\"create\"} 3.0")
        .contains("# HELP moorage_operation_seconds ");
  }

  @Test
  void poolsAreMeasuredAtEachScrapeAndUnknownSizesAreLeftOut() {
    telemetry.measurePools(() -> List.of(new PoolMeasure("fast", 2, 1, 0, 1, -1, -1, 4096)));

    assertThat(telemetry.scrape())
        .contains("moorage_volumes{pool=\"fast\"} 2.0")
        .contains("moorage_pool_charged_bytes{pool=\"fast\"} 4096.0")
        .doesNotContain("moorage_pool_free_bytes{");
  }
}
