package dev.moorage.telemetry;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;

/** Calls of CSI, counted and timed. */
final class CsiMetrics {

  private static final double NANOS_PER_SECOND = 1e9;

  private final Counter calls;
  private final Histogram seconds;

  CsiMetrics(PrometheusRegistry registry) {
    calls = Counter.builder()
        .name("moorage_csi_calls")
        .help("Calls of CSI that were answered, by their method and by the code of the answer.")
        .labelNames("method", "code")
        .register(registry);
    seconds = Histogram.builder()
        .name("moorage_csi_call_seconds")
        .help("How long calls of CSI took to be answered.")
        .unit(Unit.SECONDS)
        .labelNames("method")
        .classicOnly()
        .classicUpperBounds(0.005, 0.02, 0.1, 0.5, 2.5, 10, 60)
        .register(registry);
  }

  void answered(String method, String code, long nanos) {
    calls.labelValues(method, code).inc();
    seconds.labelValues(method).observe(nanos / NANOS_PER_SECOND);
  }
}
