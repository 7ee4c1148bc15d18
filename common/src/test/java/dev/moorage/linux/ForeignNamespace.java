package dev.moorage.linux;

import java.io.IOException;

/** A process in a mount namespace of its own, with a private copy of every mount of the moment it was opened: a container. */
public final class ForeignNamespace implements AutoCloseable {

  private final Process process;

  private ForeignNamespace(Process process) {
    this.process = process;
  }

  public static ForeignNamespace open() throws IOException {
    return open("true");
  }

  /** Runs a shell script in the namespace first. */
  public static ForeignNamespace open(String script) throws IOException {
    String[] argv = {"unshare", "--mount", "--propagation", "private", "sh", "-c", script + " && echo && read end"};
    Process process = new ProcessBuilder(argv)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    if (process.getInputStream().read() != '\n') {
      throw new IOException("there is no such mount namespace; this test needs root");
    }
    return new ForeignNamespace(process);
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Ends the process, and with it its mounts. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
