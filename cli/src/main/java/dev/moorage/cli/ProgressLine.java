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

  void at(long done) {
    long now = System.nanoTime();
    if (!terminal.interactive() || now - shownAt < TimeUnit.SECONDS.toNanos(1)) {
      return;
    }
    shownAt = now;
    long perSecond = (long) (done / ((now - began) / 1e9));
    terminal.err().print(ERASE + what + " … " + (total == 0 ? 100 : 100 * done / total) + " %, " + Humans.size(done) + " of "
        + Humans.size(total) + ", " + Humans.size(perSecond) + "/s");
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
