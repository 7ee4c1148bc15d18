package dev.moorage.serve;

import dev.moorage.config.Configuration;
import dev.moorage.testkit.Scratch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A whole service in this process, with sockets, pool and run directory of its own. */
public final class RunningService implements AutoCloseable {

  /** Held, because the logging framework forgets the level of a logger that nobody refers to. */
  private static final Logger ROOT = Logger.getLogger("");

  private final Path directory;
  private final Service service;

  private RunningService(Path directory, Service service) {
    this.directory = directory;
    this.service = service;
  }

  /** With a pool of the directory backend, for which no right is needed. */
  public static RunningService withDirectories() throws Exception {
    return start("backends: [directory]");
  }

  /** With an automatic pool file as small as can be. Needs root. */
  public static RunningService withImages() throws Exception {
    return start("pool-file: {initial: 512M, headroom: 64M, step: 64M, host-reserve: 1%}");
  }

  private static RunningService start(String poolSetting) throws Exception {
    ROOT.setLevel(Level.WARNING);
    Path directory = Scratch.directory("cli");
    Path file = Files.writeString(directory.resolve("moorage.yaml"), """
        admin-socket: %1$s/s/admin.sock
        docker-socket: %1$s/s/docker.sock
        run-dir: %1$s/run
        pools:
          - name: default
            path: %1$s/pool
            %2$s
        """.formatted(directory, poolSetting));
    boolean started = false;
    try {
      Service service = Service.start(Configuration.load(Map.of(), Map.of("config", List.of(file.toString()))), "1.2.3", Map.of());
      started = true;
      return new RunningService(directory, service);
    } finally {
      if (!started) {
        Scratch.remove(directory);
      }
    }
  }

  public Path directory() {
    return directory;
  }

  public Path adminSocket() {
    return directory.resolve("s/admin.sock");
  }

  @Override
  public void close() {
    service.close();
    Scratch.remove(directory);
  }
}
