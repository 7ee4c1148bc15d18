package dev.moorage.cli;

import java.util.concurrent.TimeUnit;

/** One line on the terminal that tells how far something is, once a second; it vanishes at the end. For one thread. */
final class ProgressLine implements AutoCloseable {

  private static final String ERASE = "\r\u001b[K";

  private final Terminal terminal;
  private final String what;
  private final long total;
  private final long began = System.nanoTime();
  private long shownAt = began;

  /** {@code total} is in bytes. */
  ProgressLine(Terminal terminal, String what, long total) {
    this.terminal = terminal;
    this.what = what;
    this.total = total;
  }

  /** Of something that is told in fractions. */
  ProgressLine(Terminal terminal, String what) {
    this(terminal, what, 0);
  }

  /** So many bytes are done. */
  void at(long done) {
    long now = System.nanoTime();
    if (isDue(now)) {
      show((total == 0 ? 100 : 100 * done / total) + " %, " + Humans.size(done) + " of " + Humans.size(total) + ", "
          + Humans.size((long) (done / ((now - began) / 1e9))) + "/s");
    }
  }

  /** Such a part is done, from 0 to 1. */
  void at(double fraction) {
    if (isDue(System.nanoTime())) {
      show(Math.round(100 * fraction) + " %");
    }
  }

  private boolean isDue(long now) {
    boolean due = terminal.interactive() && now - shownAt >= TimeUnit.SECONDS.toNanos(1);
    shownAt = due ? now : shownAt;
    return due;
  }

  private void show(String text) {
    terminal.err().print(ERASE + what + " … " + text);
    terminal.err().flush();
  }

  @Override
  public void close() {
    if (terminal.interactive()) {
      terminal.err().print(ERASE);
      terminal.err().flush();
    }
  }
}
