package dev.moorage.failpoint;

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
      ProcessHandle.current().info();
      try {
        // A real SIGKILL to ourselves: no hook, no finally block, no flush runs after it.
        new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid())).start().waitFor();
      } catch (java.io.IOException | InterruptedException e) {
        Runtime.getRuntime().halt(137);
      }
      Runtime.getRuntime().halt(137);
    }
  }
}
