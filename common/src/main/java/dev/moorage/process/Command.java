package dev.moorage.process;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One run of another program: argv only, never a shell; LC_ALL=C; no standard input. The first MiB of its output and of its
 * error output are kept, the rest is read and dropped, so that a chatty program neither blocks nor fills memory. A program
 * named without a path is looked for in PATH, then in the directories of system programs, which a daemon's PATH may lack.
 * Blocks the calling thread; safe for use by several threads.
 */
public record Command(List<String> argv, Duration deadline) {

  private static final Duration DEADLINE = Duration.ofMinutes(2);
  private static final List<String> SYSTEM_DIRECTORIES = List.of("/usr/local/sbin", "/usr/sbin", "/sbin");

  public Command {
    argv = List.copyOf(argv);
  }

  /** A command with a deadline of two minutes. */
  public static Command of(String... argv) {
    return new Command(List.of(argv), DEADLINE);
  }

  public Command within(Duration newDeadline) {
    return new Command(argv, newDeadline);
  }

  /** Whether the program would be found: asked by those who want to say beforehand which package is missing. */
  public static boolean isInstalled(String program) {
    return Files.isExecutable(Path.of(locate(program))) && program.indexOf('/') < 0;
  }

  /**
   * Runs the program to its end.
   *
   * @return its standard output
   * @throws CommandFailed when it cannot be started, exits non-zero, or is ended because the deadline passed or this thread
   *     was interrupted
   */
  public String run() throws IOException {
    Process process = start();
    KeptOutput output = KeptOutput.of(process.getInputStream(), "output of " + argv.getFirst());
    KeptOutput errors = KeptOutput.of(process.getErrorStream(), "errors of " + argv.getFirst());
    try {
      if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        end(process);
        process.waitFor();
        throw new CommandFailed(argv, "did not end within " + deadline.toMillis() / 1000.0 + " s", -1, errors.text());
      }
      if (process.exitValue() != 0) {
        String what = "failed with exit code " + process.exitValue();
        throw new CommandFailed(argv, what, process.exitValue(), errors.text(), output.text());
      }
      return output.text();
    } catch (InterruptedException e) {
      end(process);
      Thread.currentThread().interrupt();
      throw new CommandFailed(argv, "was interrupted", -1, "");
    }
  }

  private Process start() throws CommandFailed {
    List<String> located = new ArrayList<>(argv);
    located.set(0, locate(argv.getFirst()));
    ProcessBuilder builder = new ProcessBuilder(located);
    builder.environment().put("LC_ALL", "C");
    builder.redirectInput(new File("/dev/null"));
    try {
      return builder.start();
    } catch (IOException e) {
      throw new CommandFailed(argv, e);
    }
  }

  private static String locate(String program) {
    if (program.indexOf('/') >= 0) {
      return program;
    }
    List<String> directories = new ArrayList<>(List.of(System.getenv().getOrDefault("PATH", "").split(":")));
    directories.addAll(SYSTEM_DIRECTORIES);
    for (String directory : directories) {
      if (directory.startsWith("/") && Files.isExecutable(Path.of(directory, program))) {
        return directory + "/" + program;
      }
    }
    return program;
  }

  private static void end(Process process) {
    List<ProcessHandle> descendants = process.descendants().toList();
    process.destroyForcibly();
    descendants.forEach(ProcessHandle::destroyForcibly);
  }

  /** Bytes as the characters of their values: what a program prints in the C locale need not be text. */
  static String decode(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
