package dev.moorage.docker;

import dev.moorage.http.HttpLimits;
import dev.moorage.http.UnixHttpServer;
import dev.moorage.socket.CannotListen;
import dev.moorage.storage.Storage;
import dev.moorage.telemetry.Telemetry;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/**
 * The volume plugin that dockerd finds at its socket. The socket is open before the volumes are loaded, and calls wait for them: an
 * empty answer would make dockerd forget what it knows of its volumes.
 */
public final class DockerPlugin implements AutoCloseable {

  private final UnixHttpServer server;
  private final DockerEndpoint endpoint;

  private DockerPlugin(UnixHttpServer server, DockerEndpoint endpoint) {
    this.server = server;
    this.endpoint = endpoint;
  }

  /**
   * Opens the plugin's socket.
   *
   * @param socket where dockerd looks for it: {@code /run/docker/plugins/moorage.sock}; the file's name is the driver's
   * @param storage completed when the volumes are loaded, or have turned out not to be loadable
   */
  public static DockerPlugin open(Path socket, CompletableFuture<Storage> storage, Telemetry telemetry) throws CannotListen {
    return open(socket, storage, telemetry, DockerTimes.DEFAULT);
  }

  static DockerPlugin open(Path socket, CompletableFuture<Storage> storage, Telemetry telemetry, DockerTimes times)
      throws CannotListen {
    DockerEndpoint endpoint = new DockerEndpoint(storage, telemetry, times);
    return new DockerPlugin(UnixHttpServer.open(socket, HttpLimits.DEFAULT, endpoint), endpoint);
  }

  /** Lets calls that are under way finish, so it comes before the storage is closed. */
  @Override
  public void close() {
    server.close();
    endpoint.close();
  }
}
