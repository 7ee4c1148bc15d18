package dev.moorage.serve;

import dev.moorage.config.LogLevel;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.temporal.ChronoUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** The log: one line an event on standard error, in the form of the journal (sd-daemon(3)) when that is what reads it. */
final class LogLines extends Handler {

  private final PrintStream err;
  private final boolean journal;
  private final SimpleFormatter formatter = new SimpleFormatter();

  private LogLines(PrintStream err, boolean journal) {
    this.err = err;
    this.journal = journal;
  }

  /** From now on everything that is logged goes there. */
  static void begin(PrintStream err, LogLevel level, boolean journal) {
    LogManager.getLogManager().reset();
    Logger root = Logger.getLogger("");
    root.setLevel(of(level));
    LogLines lines = new LogLines(err, journal);
    lines.setLevel(Level.ALL);
    root.addHandler(lines);
  }

  private static Level of(LogLevel level) {
    return switch (level) {
      case ERROR -> Level.SEVERE;
      case WARNING -> Level.WARNING;
      case INFO -> Level.INFO;
      case DEBUG -> Level.FINE;
    };
  }

  @Override
  public void publish(LogRecord event) {
    if (!isLoggable(event)) {
      return;
    }
    StringBuilder line = new StringBuilder();
    if (journal) {
      line.append('<').append(priority(event.getLevel())).append('>');
    } else {
      line.append(event.getInstant().truncatedTo(ChronoUnit.MILLIS)).append(' ').append(word(event.getLevel())).append(' ');
    }
    line.append(formatter.formatMessage(event).replaceAll("\\p{Cntrl}", "?"));
    Throwable thrown = event.getThrown();
    if (thrown != null) {
      StringWriter trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace));
      line.append('\n').append(trace.toString().stripTrailing());
    }
    err.println(line);
  }

  private static int priority(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return 3;
    }
    if (level.intValue() >= Level.WARNING.intValue()) {
      return 4;
    }
    return level.intValue() >= Level.INFO.intValue() ? 6 : 7;
  }

  private static String word(Level level) {
    return switch (priority(level)) {
      case 3 -> "ERROR";
      case 4 -> "WARNING";
      case 6 -> "INFO";
      default -> "DEBUG";
    };
  }

  @Override
  public void flush() {
    err.flush();
  }

  @Override
  public void close() {
    flush();
  }
}
