package dev.moorage.process;

import java.io.IOException;
import java.util.List;

/** A program could not be started, ran past its deadline or exited non-zero; the message has its last line of error output. */
public final class CommandFailed extends IOException {

  private final int exitCode;
  private final String errorOutput;
  private final String output;

  CommandFailed(List<String> argv, String what, int exitCode, String errorOutput) {
    this(argv, what, exitCode, errorOutput, "");
  }

  CommandFailed(List<String> argv, String what, int exitCode, String errorOutput, String output) {
    super(argv.getFirst() + " " + what + lastLine(errorOutput));
    this.exitCode = exitCode;
    this.errorOutput = errorOutput;
    this.output = output;
  }

  CommandFailed(List<String> argv, IOException cause) {
    super(argv.getFirst() + " cannot be started (is its package installed?)", cause);
    this.exitCode = -1;
    this.errorOutput = "";
    this.output = "";
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

  /** What a program that exited non-zero had printed to its standard output: checkers write their findings there. */
  public String output() {
    return output;
  }
}
