package dev.moorage.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One line on the terminal that appears when something takes longer than a second, counts on, and vanishes at the end. */
final class Waiting implements AutoCloseable {

  private static final String ERASE = "\r\u001b[K";

  private final Terminal terminal;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread thread;

  private Waiting(Terminal terminal, String what) {
    this.terminal = terminal;
    this.thread = Thread.ofPlatform().daemon().name("waiting").unstarted(() -> count(what));
  }

  static Waiting showing(Terminal terminal, String what) {
    Waiting waiting = new Waiting(terminal, what);
    if (terminal.interactive()) {
      waiting.thread.start();
    }
    return waiting;
  }

  private void count(String what) {
    try {
      for (int seconds = 1; !ended.await(1, TimeUnit.SECONDS); seconds++) {
        terminal.err().print(ERASE + what + " … " + seconds + " s");
        terminal.err().flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    terminal.err().print(ERASE);
  }

  @Override
  public void close() {
    ended.countDown();
    if (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
