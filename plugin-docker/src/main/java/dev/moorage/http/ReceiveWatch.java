package dev.moorage.http;

import io.helidon.http.HttpPrologue;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Ends the connection of a caller who stops in the middle of a request or does not take an answer: reads and writes of a channel
 * have no time limit of their own. It interrupts the thread that serves the connection, which closes its channel. Armed from the
 * first line of a request until its last byte, and again while the answer is sent, never while the endpoint works.
 */
final class ReceiveWatch implements Http1ConnectionListener, AutoCloseable {

  private final Duration within;
  private final ScheduledThreadPoolExecutor timer;
  private final Map<Thread, Alarm> armed = new ConcurrentHashMap<>();

  ReceiveWatch(Duration within) {
    this.within = within;
    this.timer = new ScheduledThreadPoolExecutor(1, task -> {
      Thread thread = new Thread(task, "http-receive-watch");
      thread.setDaemon(true);
      return thread;
    });
    timer.setRemoveOnCancelPolicy(true);
  }

  @Override
  public void prologue(ConnectionContext connection, HttpPrologue prologue) {
    arm();
  }

  void arm() {
    disarm();
    Thread thread = Thread.currentThread();
    armed.put(thread, new Alarm(thread));
  }

  /** After it no interrupt of ours is or comes under way: one that fired too late to end a read is taken back. */
  void disarm() {
    Alarm alarm = armed.remove(Thread.currentThread());
    if (alarm == null || !alarm.stop()) {
      Thread.interrupted();
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private final class Alarm implements Runnable {

    private final Thread thread;
    private final ScheduledFuture<?> pending;
    private boolean stopped;
    private boolean fired;

    Alarm(Thread thread) {
      this.thread = thread;
      this.pending = timer.schedule(this, within.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void run() {
      synchronized (this) {
        if (stopped) {
          return;
        }
        fired = true;
        thread.interrupt();
      }
      armed.remove(thread, this);
    }

    /** Whether that was in time. */
    boolean stop() {
      pending.cancel(false);
      synchronized (this) {
        stopped = true;
        return !fired;
      }
    }
  }
}
