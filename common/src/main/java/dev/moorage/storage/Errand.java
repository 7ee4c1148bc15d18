package dev.moorage.storage;

import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.Unavailable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One task on its way through the workers, and the caller who waits for it. Either the worker delivers or the caller leaves,
 * decided once and for all: a caller that has been told of a failure never finds the result later, when there is a withdrawal.
 */
final class Errand<T> implements Runnable {

  private final Caller caller;
  private final Operation operation;
  private final Task<T> task;
  private final Task.Withdrawal<T> withdrawal;
  private final KeyedLock.Hold hold;
  private final Journal journal;
  private final long began;
  private final AtomicBoolean settled = new AtomicBoolean();
  private final CompletableFuture<T> result = new CompletableFuture<>();

  Errand(Caller caller, Operation operation, Task<T> task, Task.Withdrawal<T> withdrawal, KeyedLock.Hold hold,
      Journal journal, long began) {
    this.caller = caller;
    this.operation = operation;
    this.task = task;
    this.withdrawal = withdrawal;
    this.hold = hold;
    this.journal = journal;
    this.began = began;
  }

  /** Does the task. The hold is released before the caller hears, so that its next call is not refused for this one. */
  @Override
  public void run() {
    try {
      T value = task.run();
      boolean delivered = settled.compareAndSet(false, true);
      if (!delivered) {
        withdrawal.run(value);
      }
      end(delivered ? Outcome.OK : Outcome.UNATTENDED);
      result.complete(value);
    } catch (VolumeException e) {
      settled.set(true);
      hold.close();
      journal.failed(caller.door(), operation, e, System.nanoTime() - began);
      result.completeExceptionally(e);
    } catch (RuntimeException | Error e) {
      settled.set(true);
      end(Outcome.BUG);
      result.completeExceptionally(e);
      throw e;
    }
  }

  private void end(String outcome) {
    hold.close();
    journal.ended(caller.door(), operation, outcome, System.nanoTime() - began, "");
  }

  /** Waits until the caller's deadline; then the work goes on without it. */
  T await() throws VolumeException {
    try {
      return result.get(caller.deadline().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      return leave("it takes longer than " + text(caller.deadline()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return leave("the caller was interrupted");
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  private T leave(String why) throws VolumeException {
    if (settled.compareAndSet(false, true)) {
      throw new Unavailable(operation.action(), why, "The work goes on; ask again later");
    }
    try {
      return result.join();
    } catch (CompletionException e) {
      throw failure(e);
    }
  }

  private static VolumeException failure(Exception wrapper) {
    Throwable cause = wrapper.getCause();
    if (cause instanceof VolumeException failure) {
      return failure;
    }
    throw new IllegalStateException("an operation failed unexpectedly", cause);
  }

  private static String text(Duration duration) {
    return duration.toMillis() < 1000 ? duration.toMillis() + " ms" : duration.toSeconds() + " s";
  }
}
