package dev.moorage.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One run of another program: argv only, never a shell; LC_ALL=C; no standard input; output and error output kept, in files
 * so that a chatty program never blocks. Blocks the calling thread; safe for use by several threads.
 */
public record Command(List<String> argv, Duration deadline) {

  private static final Duration DEADLINE = Duration.ofMinutes(2);

  public Command {
    argv = List.copyOf(argv);
  }

  public static Command of(String... argv) {
    return new Command(List.of(argv), DEADLINE);
  }

  public Command within(Duration newDeadline) {
    return new Command(argv, newDeadline);
  }

  /**
   * Runs the program to its end.
   *
   * @return its standard output
   * @throws CommandFailed when it cannot be started, exits non-zero, or is ended because the deadline passed
   */
  public String run() throws IOException {
    Path output = Files.createTempFile("moorage-command", ".out");
    Path errors = Files.createTempFile("moorage-command", ".err");
    try {
      return run(output, errors);
    } finally {
      Files.deleteIfExists(output);
      Files.deleteIfExists(errors);
    }
  }

  private String run(Path output, Path errors) throws IOException {
    Process process = start(output, errors);
    try {
      if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
        throw new CommandFailed(argv, "did not end within " + deadline.toSeconds() + " s", -1, read(errors));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new CommandFailed(argv, "was interrupted", -1, "");
    }
    if (process.exitValue() != 0) {
      throw new CommandFailed(argv, "failed with exit code " + process.exitValue(), process.exitValue(), read(errors));
    }
    return read(output);
  }

  private Process start(Path output, Path errors) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(argv);
    builder.environment().put("LC_ALL", "C");
    builder.redirectInput(Path.of("/dev/null").toFile());
    builder.redirectOutput(output.toFile()).redirectError(errors.toFile());
    try {
      return builder.start();
    } catch (IOException e) {
      throw new CommandFailed(argv, "cannot be started (is its package installed?)", -1, "");
    }
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }
}
