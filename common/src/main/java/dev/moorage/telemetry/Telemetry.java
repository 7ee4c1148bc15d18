package dev.moorage.telemetry;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * The one metrics registry and the one stream of events of a process. Every change is logged in one line, counted, timed and
 * remembered; the stream keeps the newest thousand. Safe for use by several threads.
 */
public final class Telemetry {

  private static final System.Logger LOG = System.getLogger("dev.moorage.audit");
  private static final int REMEMBERED_MAX = 1000;

  private final EventRing ring = new EventRing(REMEMBERED_MAX);
  private final Metrics metrics = new Metrics();
  private final Clock clock;

  public Telemetry() {
    this(Clock.systemUTC());
  }

  /** Tells time by the given clock. */
  public Telemetry(Clock clock) {
    this.clock = clock;
  }

  /** The time that an event of this moment carries. */
  public Instant now() {
    return clock.instant();
  }

  /** Records the end of an operation: an INFO line, a count and a time by verb and outcome, and the event. */
  public void ended(String door, String verb, String subject, String outcome, long nanos, String detail) {
    Event event = ring.add(now(), door, verb, subject, outcome, nanos / 1_000_000, detail);
    metrics.ended(verb, outcome, nanos);
    LOG.log(System.Logger.Level.INFO, () -> line(event));
  }

  private static String line(Event event) {
    String detail = event.detail().isEmpty() ? "" : ": " + event.detail();
    return event.door() + " " + event.verb() + " " + event.subject() + " " + event.outcome() + " "
        + event.millis() + " ms" + detail;
  }

  /** The newest events, oldest first, whose number is above {@code after}. */
  public List<Event> events(long after) {
    return ring.after(after);
  }

  /** Asks {@code pools} for the gauges of the pools at each scrape; the newest call counts. */
  public void measurePools(Supplier<List<PoolMeasure>> pools) {
    metrics.measurePools(pools);
  }

  /** Asks for what moves to and from repositories, and for the jobs, at each scrape; the newest call counts. */
  public void measureTransfers(Supplier<List<TransferMeasure>> transfers, Supplier<List<JobMeasure>> jobs) {
    metrics.measureTransfers(transfers, jobs);
  }

  /** A meter for the requests to an object store; {@code store} is what metrics call it. */
  public StoreMeter storeMeter(String store) {
    return metrics.storeMeter(store);
  }

  /** A call of CSI was answered: by what it was called, with the code of its answer. */
  public void csiCall(String method, String code, long nanos) {
    metrics.csi().answered(method, code, nanos);
  }

  /** All metrics in Prometheus' text format. */
  public String scrape() {
    return metrics.scrape();
  }
}
