package dev.moorage.process;

import java.io.IOException;
import java.util.List;

/** A program could not be started, ran past its deadline or exited non-zero; the message has its last line of error output. */
public final class CommandFailed extends IOException {

  private final int exitCode;
  private final String errorOutput;

  CommandFailed(List<String> argv, String what, int exitCode, String errorOutput) {
    super(argv.getFirst() + " " + what + lastLine(errorOutput));
    this.exitCode = exitCode;
    this.errorOutput = errorOutput;
  }

  private static String lastLine(String errorOutput) {
    List<String> lines = errorOutput.lines().filter(line -> !line.isBlank()).toList();
    return lines.isEmpty() ? "" : ": " + lines.getLast().strip();
  }

  /** The exit code, or -1 when the program did not start or was ended. */
  public int exitCode() {
    return exitCode;
  }

  public String errorOutput() {
    return errorOutput;
  }
}
