package dev.moorage.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;

/** One shell for many commands, so that none of them pays for a process that a large Java machine starts. */
final class Shell implements AutoCloseable {

  private final Process process;
  private final Writer input;
  private final BufferedReader output;

  Shell() throws IOException {
    process = new ProcessBuilder("sh").redirectError(ProcessBuilder.Redirect.INHERIT).start();
    input = process.outputWriter();
    output = process.inputReader();
  }

  /** Runs commands that print nothing, and waits for their end. Variables stay. */
  void run(String commands) throws IOException {
    input.write(commands + "\necho $?\n");
    input.flush();
    String status = output.readLine();
    if (!"0".equals(status)) {
      throw new IOException("status " + status + ": " + commands);
    }
  }

  @Override
  public void close() throws IOException {
    input.close();
    process.onExit().join();
  }
}
