package dev.moorage.failpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** The side of a failpoint that exists only in tests: counts down and ends the process. */
final class Armed {

  private static final AtomicInteger REACHED = new AtomicInteger();

  private Armed() {}

  static void reached(Failpoint failpoint, String armed) {
    int colon = armed.indexOf(':');
    String name = colon < 0 ? armed : armed.substring(0, colon);
    int times = colon < 0 ? 1 : Integer.parseInt(armed.substring(colon + 1));
    if (failpoint.name().equals(name) && REACHED.incrementAndGet() == times) {
      try {
        report(name);
        // A real SIGKILL to ourselves: no hook, no finally block, no flush runs after it.
        new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid())).start().waitFor();
      } catch (IOException | InterruptedException e) {
        Runtime.getRuntime().halt(137);
      }
      Runtime.getRuntime().halt(137);
    }
  }

  /** Leaves a file that says so where the test asked for one: a death by SIGKILL alone would not prove that it was ours. */
  private static void report(String name) throws IOException {
    String file = System.getProperty("moorage.failpoint.reached", "");
    if (!file.isEmpty()) {
      Files.writeString(Path.of(file), name);
    }
  }
}
