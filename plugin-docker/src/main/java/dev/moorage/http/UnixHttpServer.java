package dev.moorage.http;

import dev.moorage.socket.CannotListen;
import dev.moorage.socket.SocketFile;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.http.media.MediaContext;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.http1.Http1ConnectionSelectorConfig;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
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

  /** The kernel's queue of callers not yet accepted; dockerd asks for all its volumes at once, and a full queue refuses it. */
  private static final int BACKLOG = 4096;

  private static final Duration IDLE_LOOK_EVERY = Duration.ofSeconds(30);
  private static final int PROLOGUE_BYTES_MAX = 8192;

  /** Held, because the logging framework forgets the level of a logger that nobody refers to. */
  private static final Logger HELIDON = Logger.getLogger("io.helidon");

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
    HELIDON.setLevel(Level.WARNING);
    ReceiveWatch watch = new ReceiveWatch(limits.receiveWithin());
    AtomicReference<WebServer> started = new AtomicReference<>();
    boolean open = false;
    try {
      SocketFile file = SocketFile.publish(socket.toAbsolutePath().normalize(),
          address -> started.set(start(address, limits, watch, endpoint)));
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

  private static WebServer start(
      UnixDomainSocketAddress address, HttpLimits limits, ReceiveWatch watch, HttpEndpoint endpoint) throws IOException {
    EndpointHandler handler = new EndpointHandler(endpoint, limits, watch);
    WebServer server = WebServer.builder()
        .shutdownHook(false)
        .featuresDiscoverServices(false)
        .protocolsDiscoverServices(false)
        .concurrencyLimitDiscoverServices(false)
        .mediaContext(MediaContext.builder().mediaSupportsDiscoverServices(false).build())
        .contentEncoding(ContentEncodingContext.builder().contentEncodingsDiscoverServices(false).build())
        .bindAddress(address)
        .backlog(BACKLOG)
        .maxPayloadSize(limits.bodyBytesMax())
        .maxTcpConnections(limits.connectionsMax())
        .idleConnectionTimeout(limits.idleFor())
        .idleConnectionPeriod(IDLE_LOOK_EVERY)
        .shutdownGracePeriod(limits.stopWithin())
        .addConnectionSelector(http1(limits, watch))
        .directHandlers(handler.refusals())
        .routing(HttpRouting.builder().any(handler))
        .build()
        .start();
    // A failed start is logged by it, and otherwise looks like a successful one.
    if (!server.isRunning()) {
      throw new IOException("the HTTP server did not start; the log above says why");
    }
    return server;
  }

  /** With the Host header unchecked, which is deprecated, but without it the volume plugin fails with dockerd before 20.10.26. */
  @SuppressWarnings("removal")
  private static Http1ConnectionSelector http1(HttpLimits limits, ReceiveWatch watch) {
    Http1Config config = Http1Config.builder()
        .validateRequestHostHeader(false)
        .maxPrologueLength(PROLOGUE_BYTES_MAX)
        .maxHeadersSize(limits.headerBytesMax())
        .receiveLog(false)
        .sendLog(false)
        .addReceiveListener(watch)
        .build();
    return Http1ConnectionSelectorConfig.builder().config(config).build();
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
