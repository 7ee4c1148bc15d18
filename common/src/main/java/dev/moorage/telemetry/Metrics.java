package dev.moorage.telemetry;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** Every metric there is, in a registry of its own. Safe for use by several threads. */
final class Metrics {

  private static final double NANOS_PER_SECOND = 1e9;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Counter operations = Counter.builder()
      .name("moorage_operations")
      .help("Operations that ended, by what was asked and how it ended.")
      .labelNames("verb", "outcome")
      .register(registry);
  private final Histogram seconds = Histogram.builder()
      .name("moorage_operation_seconds")
      .help("How long operations took, from the request to the end of the work.")
      .unit(Unit.SECONDS)
      .labelNames("verb", "outcome")
      .classicOnly()
      .classicUpperBounds(0.001, 0.005, 0.02, 0.1, 0.5, 2.5, 10, 60)
      .register(registry);
  private final StoreMeter.Metrics stores = new StoreMeter.Metrics(registry);
  private final CsiMetrics csi = new CsiMetrics(registry);
  private final TransferMetrics transfers = new TransferMetrics(registry);
  private volatile Supplier<List<PoolMeasure>> pools = List::of;

  Metrics() {
    gauge("moorage_volumes", "Living volumes.", PoolMeasure::volumes);
    gauge("moorage_volumes_mounted", "Volumes that are mounted on this host.", PoolMeasure::mounted);
    gauge("moorage_snapshots", "Living snapshots.", PoolMeasure::snapshots);
    gauge("moorage_trashed", "Deleted volumes and snapshots that can still be undone.", PoolMeasure::trashed);
    gauge("moorage_pool_size_bytes", "What the pool's filesystem holds.", PoolMeasure::totalBytes);
    gauge("moorage_pool_free_bytes", "What the pool's filesystem has free.", PoolMeasure::freeBytes);
    gauge("moorage_pool_charged_bytes", "What volumes and snapshots were promised.", PoolMeasure::chargedBytes);
  }

  private void gauge(String name, String help, ToLongFunction<PoolMeasure> value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames("pool")
        .callback(callback -> pools.get().stream()
            .filter(pool -> value.applyAsLong(pool) >= 0)
            .forEach(pool -> callback.call((double) value.applyAsLong(pool), pool.pool())))
        .register(registry);
  }

  void measurePools(Supplier<List<PoolMeasure>> measured) {
    pools = measured;
  }

  void measureTransfers(Supplier<List<TransferMeasure>> measured, Supplier<List<JobMeasure>> jobs) {
    transfers.measure(measured, jobs);
  }

  void ended(String verb, String outcome, long nanos) {
    operations.labelValues(verb, outcome).inc();
    seconds.labelValues(verb, outcome).observe(nanos / NANOS_PER_SECOND);
  }

  CsiMetrics csi() {
    return csi;
  }

  StoreMeter storeMeter(String store) {
    return new StoreMeter(stores, store);
  }

  String scrape() {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create().write(text, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return text.toString(StandardCharsets.UTF_8);
  }
}
