package dev.moorage.storage;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs uploads and restores: two at a time, those of one key one after the other in the order in which they came. One that waits for a
 * store takes no thread meanwhile. Safe for use by several threads.
 */
final class TransferRunner implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(TransferRunner.class.getName());
  private static final int AT_ONCE = 2;
  private static final Duration STOP = Duration.ofMinutes(1);

  private final ThreadPoolExecutor threads;
  private final ConcurrentMap<String, CompletableFuture<Void>> chains = new ConcurrentHashMap<>();
  private volatile boolean stopping;

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
    threads = new ThreadPoolExecutor(AT_ONCE, AT_ONCE, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
        Thread.ofPlatform().name("moorage-transfer-", 1).factory());
    threads.allowCoreThreadTimeOut(true);
  }

  void submit(String key, Transfer transfer) {
    CompletableFuture<Void> last = chains.compute(key, (_, tail) ->
        (tail == null ? CompletableFuture.<Void>completedFuture(null) : tail).thenCompose(_ -> begin(transfer)));
    CompletableFuture<Void> cleaned = last.whenComplete((_, _) -> chains.remove(key, last));
    assert !cleaned.isCompletedExceptionally() : "chains never fail";
  }

  private CompletableFuture<Void> begin(Transfer transfer) {
    CompletableFuture<Void> end = new CompletableFuture<>();
    execute(threads, transfer, end);
    return end;
  }

  private void execute(Executor executor, Transfer transfer, CompletableFuture<Void> end) {
    if (!stopping) {
      executor.execute(() -> step(transfer, end));
    }
  }

  private void step(Transfer transfer, CompletableFuture<Void> end) {
    if (stopping) {
      return;
    }
    boolean goesOn = false;
    try {
      if (transfer.run() instanceof Next.Again(Duration in) && !stopping) {
        execute(CompletableFuture.delayedExecutor(in.toNanos(), TimeUnit.NANOSECONDS, this::late), transfer, end);
        goesOn = true;
      }
    } finally {
      if (!goesOn) {
        end.complete(null);
      }
    }
  }

  /** The end of a wait may come when nothing is run any more. */
  private void late(Runnable step) {
    if (!stopping) {
      threads.execute(step);
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
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(STOP.toSeconds(), TimeUnit.SECONDS)) {
        LOG.log(System.Logger.Level.WARNING, "a transfer does not stop; it is left to the next start");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
