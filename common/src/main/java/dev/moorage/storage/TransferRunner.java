package dev.moorage.storage;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs what moves bytes in the background. Each lane has threads of its own, two at most: what somebody waits for never stands behind
 * long work of another kind. In a lane, transfers begin in the order in which they came; those of one key run one after the other. One
 * that waits for a store takes no thread meanwhile. Safe for use by several threads.
 */
final class TransferRunner implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(TransferRunner.class.getName());
  private static final int AT_ONCE = 2;
  private static final Duration STOP = Duration.ofMinutes(1);
  private static final long TIDY_HEAP_BYTES = 64L << 20;

  private final Map<Lane, ThreadPoolExecutor> threads = new EnumMap<>(Lane.class);
  private final ConcurrentMap<String, CompletableFuture<Void>> chains = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, CompletableFuture<Void>> pauses = new ConcurrentHashMap<>();
  private volatile boolean stopping;

  /** Whom a transfer is for. */
  enum Lane {
    /** Nobody waits for it, it may take days. */
    UPLOAD,
    /** A container waits to be started. */
    RESTORE,
    /** Somebody wants to look into a snapshot. */
    VIEW
  }

  /** A transfer that is run until it has ended. */
  @FunctionalInterface
  interface Transfer {
    Next run();
  }

  /** What comes after one run. */
  sealed interface Next {
    record Ended() implements Next {}

    /** Another run, later. */
    record Again(Duration in) implements Next {}
  }

  TransferRunner() {
    for (Lane lane : Lane.values()) {
      ThreadPoolExecutor two = new ThreadPoolExecutor(AT_ONCE, AT_ONCE, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
          Thread.ofPlatform().name("moorage-" + lane.name().toLowerCase(Locale.ROOT) + "-", 1).factory());
      two.allowCoreThreadTimeOut(true);
      threads.put(lane, two);
    }
  }

  private ThreadPoolExecutor threads(Lane lane) {
    return Objects.requireNonNull(threads.get(lane));
  }

  void submit(Lane lane, String key, Transfer transfer) {
    CompletableFuture<Void> last = chains.compute(key, (_, tail) ->
        (tail == null ? CompletableFuture.<Void>completedFuture(null) : tail).thenCompose(_ -> begin(new Run(key, threads(lane), transfer))));
    CompletableFuture<Void> cleaned = last.whenComplete((_, _) -> chains.remove(key, last));
    assert !cleaned.isCompletedExceptionally() : "chains never fail";
  }

  /** One transfer on its way; the end of it lets the next of its key begin. */
  private record Run(String key, Executor lane, Transfer transfer, CompletableFuture<Void> end) {
    Run(String key, Executor lane, Transfer transfer) {
      this(key, lane, transfer, new CompletableFuture<>());
    }
  }

  private CompletableFuture<Void> begin(Run run) {
    execute(run);
    return run.end;
  }

  /** The end of a wait may come when nothing is run any more. */
  private void execute(Run run) {
    if (!stopping) {
      run.lane.execute(() -> step(run));
    }
  }

  private void step(Run run) {
    if (stopping) {
      return;
    }
    boolean goesOn = false;
    try {
      if (run.transfer.run() instanceof Next.Again(Duration in) && !stopping) {
        pause(in, run);
        goesOn = true;
      }
    } finally {
      if (!goesOn) {
        run.end.complete(null);
      }
      CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS).execute(TransferRunner::tidyUp);
    }
  }

  private void pause(Duration in, Run run) {
    CompletableFuture<Void> over = new CompletableFuture<>();
    pauses.put(run.key, over);
    CompletableFuture<Void> next = over.completeOnTimeout(null, in.toNanos(), TimeUnit.NANOSECONDS).thenRun(() -> {
      pauses.remove(run.key, over);
      execute(run);
    });
    assert !next.isCompletedExceptionally() || stopping : "a lane takes what comes until it is closed";
  }

  /** Lets the transfer of that key that waits go on at once. */
  void wake(String key) {
    CompletableFuture<Void> pause = pauses.get(key);
    if (pause != null && pause.complete(null)) {
      LOG.log(System.Logger.Level.DEBUG, key + " need not wait any longer");
    }
  }

  /** The serial collector rather grows the heap to its limit than to look for garbage, and a transfer leaves tens of MiB of it. */
  private static void tidyUp() {
    if (Runtime.getRuntime().totalMemory() > TIDY_HEAP_BYTES) {
      System.gc();
    }
  }

  /** Whether the storage is being closed: what fails now is left to the next opening. */
  boolean isStopping() {
    return stopping;
  }

  /** Interrupts what is under way. */
  @Override
  public void close() {
    stopping = true;
    threads.values().forEach(ThreadPoolExecutor::shutdownNow);
    long end = System.nanoTime() + STOP.toNanos();
    try {
      for (ThreadPoolExecutor each : threads.values()) {
        if (!each.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          LOG.log(System.Logger.Level.WARNING, "a transfer does not stop; it is left to the next start");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
