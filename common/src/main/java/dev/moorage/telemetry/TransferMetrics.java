package dev.moorage.telemetry;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of uploads and restores, asked for at each scrape. There is one series for each repository that this host knows, and for each
 * kind and state of jobs, however many volumes and snapshots there are.
 */
final class TransferMetrics {

  private final PrometheusRegistry registry;
  private volatile Supplier<List<TransferMeasure>> transfers = List::of;
  private volatile Supplier<List<JobMeasure>> jobs = List::of;

  TransferMetrics(PrometheusRegistry registry) {
    this.registry = registry;
    counter("moorage_upload_read_bytes", "Bytes of snapshots that were read for uploads.", TransferMeasure::readBytes);
    counter("moorage_upload_sent_bytes", "Bytes of new blocks that were stored, compressed and sealed.", TransferMeasure::sentBytes);
    counter("moorage_restored_bytes", "Bytes of volumes that were restored, holes included.", TransferMeasure::restoredBytes);
    gauge("moorage_upload_rate_bytes", "Bytes a second that are being stored.", TransferMeasure::uploadBytesPerSecond);
    gauge("moorage_restore_rate_bytes", "Bytes a second of volumes that are being restored.", TransferMeasure::restoreBytesPerSecond);
    gauge("moorage_upload_waiting", "Snapshots that are being uploaded or wait for it.", TransferMeasure::waiting);
    gauge("moorage_upload_failed", "Snapshots whose upload failed and waits for somebody to ask again.", TransferMeasure::failed);
    gauge("moorage_upload_lag_seconds", "Age of the oldest snapshot that is not uploaded yet; 0 when none waits.",
        TransferMeasure::lagSeconds);
    gauge("moorage_upload_last_success_timestamp_seconds", "When a snapshot was last committed, since the epoch.",
        TransferMeasure::lastSuccessSeconds);
    gauge("moorage_upload_last_error_timestamp_seconds", "When an upload last failed or had to wait, since the epoch.",
        TransferMeasure::lastErrorSeconds);
    GaugeWithCallback.builder().name("moorage_jobs").help("Jobs in the background that have not succeeded, by kind and state.")
        .labelNames("kind", "state")
        .callback(callback -> jobs.get().forEach(each -> callback.call(each.count(), each.kind(), each.state())))
        .register(registry);
  }

  void measure(Supplier<List<TransferMeasure>> newTransfers, Supplier<List<JobMeasure>> newJobs) {
    transfers = newTransfers;
    jobs = newJobs;
  }

  private void counter(String name, String help, ToDoubleFunction<TransferMeasure> value) {
    CounterWithCallback.builder().name(name).help(help).labelNames("repository")
        .callback(callback -> transfers.get().forEach(each -> callback.call(value.applyAsDouble(each), each.repository())))
        .register(registry);
  }

  /** What is not known is left out. */
  private void gauge(String name, String help, ToDoubleFunction<TransferMeasure> value) {
    GaugeWithCallback.builder().name(name).help(help).labelNames("repository")
        .callback(callback -> transfers.get().stream().filter(each -> value.applyAsDouble(each) >= 0)
            .forEach(each -> callback.call(value.applyAsDouble(each), each.repository())))
        .register(registry);
  }
}
