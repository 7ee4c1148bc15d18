package dev.moorage.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What a container is to a volume: a process in a mount namespace of its own, with a mount of it there. */
final class Container implements AutoCloseable {

  private final Process process;

  Container(Path mounted) throws IOException {
    process = new ProcessBuilder("unshare", "--mount", "--propagation", "private", "sh", "-c",
        "mount --bind \"$0\" /mnt && echo ready && umount \"$0\" && exec sleep 1000", mounted.toString()).start();
    String line = process.inputReader().readLine();
    if (!"ready".equals(line)) {
      throw new IOException("no namespace: " + line);
    }
  }

  boolean isAlive() throws IOException {
    return process.isAlive() && Files.exists(Path.of("/proc/" + process.pid() + "/root/mnt"));
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
