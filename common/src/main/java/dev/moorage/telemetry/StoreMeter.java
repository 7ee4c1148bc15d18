package dev.moorage.telemetry;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts and times the requests to one object store, since the process started. Safe for use by several threads. */
public final class StoreMeter {

  private static final double NANOS_PER_SECOND = 1e9;

  /** The metrics of all stores, in one registry. */
  static final class Metrics {

    private final Counter requests;
    private final Counter bytes;
    private final Histogram seconds;

    Metrics(PrometheusRegistry registry) {
      requests = Counter.builder()
          .name("moorage_store_requests")
          .help("Requests to object stores that ended, by what was asked and how it ended.")
          .labelNames("store", "operation", "outcome")
          .register(registry);
      bytes = Counter.builder()
          .name("moorage_store_bytes")
          .help("Bytes of objects sent to and received from object stores.")
          .labelNames("store", "direction")
          .register(registry);
      seconds = Histogram.builder()
          .name("moorage_store_request_seconds")
          .help("How long requests to object stores took; of reads, until the first byte.")
          .unit(Unit.SECONDS)
          .labelNames("store", "operation")
          .classicOnly()
          .classicUpperBounds(0.005, 0.02, 0.1, 0.5, 2.5, 10, 60)
          .register(registry);
    }
  }

  /**
   * What was counted.
   *
   * @param requests by operation, whatever their outcome
   * @param failures by outcome, refusals and absences left out
   */
  public record Counts(Map<String, Long> requests, Map<String, Long> failures, long bytesSent, long bytesReceived) {}

  private final Metrics metrics;
  private final String store;
  private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();
  private final LongAdder sent = new LongAdder();
  private final LongAdder received = new LongAdder();

  StoreMeter(Metrics metrics, String store) {
    this.metrics = metrics;
    this.store = store;
  }

  /** A request did what it could: {@code outcome} is {@code ok}, or {@code refused} by a condition. */
  public void answered(String operation, String outcome, long nanos) {
    requests.computeIfAbsent(operation, _ -> new LongAdder()).increment();
    metrics.requests.labelValues(store, operation, outcome).inc();
    metrics.seconds.labelValues(store, operation).observe(nanos / NANOS_PER_SECOND);
  }

  /** A request failed; {@code outcome} is the kind of the failure. */
  public void failed(String operation, String outcome, long nanos) {
    failures.computeIfAbsent(outcome, _ -> new LongAdder()).increment();
    answered(operation, outcome, nanos);
  }

  /** So many bytes of an object were stored. */
  public void sent(long bytes) {
    sent.add(bytes);
    metrics.bytes.labelValues(store, "sent").inc(bytes);
  }

  /** So many bytes of an object came. */
  public void received(long bytes) {
    received.add(bytes);
    metrics.bytes.labelValues(store, "received").inc(bytes);
  }

  /** What was counted until now. */
  public Counts counts() {
    return new Counts(sums(requests), sums(failures), sent.sum(), received.sum());
  }

  private static Map<String, Long> sums(Map<String, LongAdder> adders) {
    Map<String, Long> sums = new TreeMap<>();
    adders.forEach((name, adder) -> sums.put(name, adder.sum()));
    return sums;
  }
}
