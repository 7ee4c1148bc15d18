package dev.moorage.linux;

import java.io.IOException;

/** A process in a mount namespace of its own, with a private copy of every mount of the moment it was opened: a container. */
public final class ForeignNamespace implements AutoCloseable {

  private final Process process;

  private ForeignNamespace(Process process) {
    this.process = process;
  }

  public static ForeignNamespace open() throws IOException {
    Process process = new ProcessBuilder("unshare", "--mount", "--propagation", "private", "sh", "-c", "echo; read end")
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    if (process.getInputStream().read() != '\n') {
      throw new IOException("unshare gave no mount namespace; this test needs root");
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
