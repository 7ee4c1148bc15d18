package dev.moorage.testkit.guest;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/** One line for each test, and what it failed with. For one run; safe for use by several threads. */
final class TestLog implements TestExecutionListener {

  private final PrintStream out;
  private final Map<String, Long> started = new ConcurrentHashMap<>();
  private int tests;
  private int failures;
  private int skipped;

  TestLog(PrintStream out) {
    this.out = out;
  }

  /** Prints the sum. */
  synchronized boolean closed() {
    boolean good = tests > 0 && failures == 0 && skipped == 0;
    out.printf("[%s] Tests run: %d, Failures: %d, Errors: 0, Skipped: %d%n", good ? "INFO" : "ERROR", tests, failures, skipped);
    out.flush();
    return good;
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    started.put(test.getUniqueId(), System.nanoTime());
  }

  @Override
  public synchronized void executionSkipped(TestIdentifier test, String reason) {
    tests++;
    skipped++;
    out.println("SKIPPED " + nameOf(test) + ": " + reason);
  }

  @Override
  public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
    TestExecutionResult.Status status = result.getStatus();
    if (test.isContainer() && status == TestExecutionResult.Status.SUCCESSFUL) {
      return;
    }
    tests++;
    String word = switch (status) {
      case SUCCESSFUL -> "ok";
      case ABORTED -> {
        skipped++;
        yield "ABORTED";
      }
      case FAILED -> {
        failures++;
        yield "FAILED";
      }
    };
    double seconds = (System.nanoTime() - started.getOrDefault(test.getUniqueId(), System.nanoTime())) / 1e9;
    out.printf(Locale.ROOT, "%-7s %5.1f s  %s%n", word, seconds, nameOf(test));
    result.getThrowable().ifPresent(thrown -> thrown.printStackTrace(out));
    out.flush();
  }

  /** Class and method, and which of them for one that is run with several parameters. */
  private static String nameOf(TestIdentifier test) {
    String where = test.getSource()
        .map(source -> source instanceof MethodSource method ? simple(method.getClassName()) + "#" + method.getMethodName() : "")
        .orElse("");
    return where.isEmpty() || where.endsWith("#" + test.getDisplayName().replace("()", "")) ? where : where + " " + test.getDisplayName();
  }

  private static String simple(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }
}
