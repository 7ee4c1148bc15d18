package dev.moorage.testkit;

import dev.moorage.failpoint.Failpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs a main class in a JVM of its own that is killed at a failpoint, as {@code kill -9} would: no hook, no finally block, no flush
 * runs after it. The class path is that of the test.
 */
public final class KilledAt {

  private static final int SIGKILLED = 128 + 9;
  private static final int SECONDS_MAX = 120;

  private KilledAt() {}

  /**
   * Runs the class until the failpoint is reached for the first time.
   *
   * @throws AssertionError with its output when it ended otherwise or did not get there
   */
  public static void failpoint(Failpoint failpoint, Class<?> main, String... arguments) throws IOException, InterruptedException {
    if (!failpoint(failpoint, 1, main, arguments)) {
      throw new AssertionError(main.getName() + " ended without reaching " + failpoint);
    }
  }

  /**
   * Runs the class until the failpoint is reached for the n-th time.
   *
   * @return whether it was reached; otherwise the class ran to its end with exit code 0
   * @throws AssertionError with its output when it ended in any other way
   */
  public static boolean failpoint(Failpoint failpoint, int times, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    Path scratch = Scratch.directory("killed");
    try {
      Process process = start(failpoint + ":" + times, scratch, main, arguments);
      if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw failure(main, "did not end within " + SECONDS_MAX + " s at " + failpoint, scratch);
      }
      boolean reached = Files.exists(scratch.resolve("reached"));
      int code = process.exitValue();
      if (code == SIGKILLED && reached) {
        return true;
      }
      if (code != 0) {
        throw failure(main, "ended with exit code " + code + (reached ? " after " : " before ") + failpoint, scratch);
      }
      return false;
    } finally {
      Scratch.remove(scratch);
    }
  }

  private static Process start(String armed, Path scratch, Class<?> main, String... arguments) throws IOException {
    List<String> argv = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
        "-Xshare:auto", "--enable-native-access=ALL-UNNAMED", "-Dmoorage.failpoint=" + armed,
        "-Dmoorage.failpoint.reached=" + scratch.resolve("reached"), "-cp", System.getProperty("java.class.path"),
        main.getName()));
    argv.addAll(List.of(arguments));
    return new ProcessBuilder(argv).redirectErrorStream(true).redirectOutput(scratch.resolve("output").toFile()).start();
  }

  private static AssertionError failure(Class<?> main, String what, Path scratch) throws IOException {
    return new AssertionError(main.getName() + " " + what + ": " + Files.readString(scratch.resolve("output")));
  }
}
