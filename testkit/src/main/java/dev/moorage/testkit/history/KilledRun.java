package dev.moorage.testkit.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs {@link Performance}, or a program like it, in a process of its own, which may be killed at a failpoint or a moment; reads its diary. */
public final class KilledRun {

  private static final int SIGKILLED = 137;
  private final Path root;
  private final Path run;
  private final Path scratch;
  private final Class<?> program;

  /** Performs on the pool at {@code root}; {@code scratch} is for files of the run itself. */
  public KilledRun(Path root, Path run, Path scratch) {
    this(root, run, scratch, Performance.class);
  }

  /** The same by a program whose main method calls {@link Performance#run}. */
  public KilledRun(Path root, Path run, Path scratch, Class<?> program) {
    this.program = program;
    this.root = root;
    this.run = run;
    this.scratch = scratch;
  }

  /**
   * How a run ended.
   *
   * @param killed whether it was killed, not ended by itself
   * @param done how many operations were acknowledged
   * @param begun how many operations had begun: as many, or one more
   */
  public record Outcome(boolean killed, int done, int begun, String output) {}

  /** Runs until it ends, armed with a failpoint in the form that {@code Failpoint} reads, or with none when empty. */
  public Outcome atFailpoint(List<Operation> history, String failpoint) throws IOException, InterruptedException {
    Process process = start(history, failpoint);
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      throw new AssertionError("the run at " + failpoint + " did not end within 120 s: " + Files.readString(scratch.resolve("output")));
    }
    return outcome(process);
  }

  /** Runs and is killed with SIGKILL after so many milliseconds from the moment at which its storage is open. */
  public Outcome afterMillis(List<Operation> history, long millis) throws IOException, InterruptedException {
    Process process = start(history, "");
    Path diary = scratch.resolve("diary");
    while (process.isAlive() && !(Files.exists(diary) && Files.size(diary) > 0)) {
      process.waitFor(5, TimeUnit.MILLISECONDS);
    }
    if (!process.waitFor(millis, TimeUnit.MILLISECONDS)) {
      process.destroyForcibly().waitFor();
    }
    return outcome(process);
  }

  Process start(List<Operation> history, String failpoint) throws IOException {
    Files.write(scratch.resolve("history"), history.stream().map(Operation::toString).toList());
    Files.deleteIfExists(scratch.resolve("diary"));
    List<String> argv = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto",
        "--enable-native-access=ALL-UNNAMED", "-Dmoorage.failpoint=" + failpoint, "-cp", System.getProperty("java.class.path"),
        program.getName(), root.toString(), run.toString(), scratch.resolve("history").toString(),
        scratch.resolve("diary").toString()));
    return new ProcessBuilder(argv).redirectErrorStream(true).redirectOutput(scratch.resolve("output").toFile()).start();
  }

  private Outcome outcome(Process process) throws IOException {
    String output = Files.readString(scratch.resolve("output"));
    boolean killed = process.exitValue() == SIGKILLED;
    if (!killed && process.exitValue() != 0) {
      throw new AssertionError("the run failed with exit code " + process.exitValue() + ": " + output);
    }
    Diary diary = Diary.read(scratch.resolve("diary"));
    return new Outcome(killed, diary.done(), diary.begun(), output);
  }
}
