package dev.moorage.http;

import dev.moorage.socket.CannotListen;
import dev.moorage.socket.SocketFile;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 server on one Unix socket of mode 0600. Several may run in one process. It takes requests without or with an empty
 * {@code Host} header, which old versions of dockerd send.
 *
 * <p>A stale socket file of a killed process is replaced; one on which somebody listens, or a file of another kind, is an error
 * and stays. Closing lets requests that are under way finish, and removes the file if it is still ours.
 */
public final class UnixHttpServer implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(UnixHttpServer.class.getName());

  private final WebServer server;
  private final ReceiveWatch watch;
  private final SocketFile file;

  private UnixHttpServer(WebServer server, ReceiveWatch watch, SocketFile file) {
    this.server = server;
    this.watch = watch;
    this.file = file;
  }

  /** Listens at {@code socket}; when this returns, callers are served. The socket's directory is made with mode 0700 when absent. */
  public static UnixHttpServer open(Path socket, HttpLimits limits, HttpEndpoint endpoint) throws CannotListen {
    ReceiveWatch watch = new ReceiveWatch(limits.receiveWithin());
    AtomicReference<WebServer> started = new AtomicReference<>();
    boolean open = false;
    try {
      SocketFile file = SocketFile.publish(socket.toAbsolutePath().normalize(),
          address -> started.set(HttpServing.start(address, limits, watch, endpoint)));
      open = true;
      return new UnixHttpServer(started.get(), watch, file);
    } finally {
      if (!open) {
        abandon(started.get(), watch);
      }
    }
  }

  private static void abandon(@Nullable WebServer started, ReceiveWatch watch) {
    if (started != null) {
      started.stop();
    }
    watch.close();
  }

  /** Where it listens. */
  public Path socket() {
    return file.path();
  }

  /** Takes no more requests, waits for those under way as long as the limits say, and removes the socket's file. */
  @Override
  public void close() {
    try {
      // First the name, so that a caller who comes now is refused at once and comes again to whoever takes our place.
      file.remove();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "cannot remove the socket " + file.path(), e);
    }
    server.stop();
    watch.close();
  }
}
