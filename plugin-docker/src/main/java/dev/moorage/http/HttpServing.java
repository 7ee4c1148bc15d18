package dev.moorage.http;

import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.http.media.MediaContext;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.http1.Http1ConnectionSelectorConfig;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

/** An HTTP/1.1 server that looks for nothing on the class path, and takes requests without or with an empty Host header. */
final class HttpServing {

  /** The kernel's queue of callers not yet accepted; dockerd asks for all its volumes at once, and a full queue refuses it. */
  private static final int BACKLOG = 4096;

  private static final Duration IDLE_LOOK_EVERY = Duration.ofSeconds(30);
  private static final int PROLOGUE_BYTES_MAX = 8192;

  /** Held, because the logging framework forgets the level of a logger that nobody refers to. */
  private static final Logger HELIDON = Logger.getLogger("io.helidon");

  private HttpServing() {}

  /** Listens at a Unix socket or a port; when this returns, callers are served. */
  static WebServer start(SocketAddress address, HttpLimits limits, ReceiveWatch watch, HttpEndpoint endpoint) throws IOException {
    HELIDON.setLevel(Level.WARNING);
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
}
