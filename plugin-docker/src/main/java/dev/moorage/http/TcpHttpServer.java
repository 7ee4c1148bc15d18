package dev.moorage.http;

import dev.moorage.socket.CannotListen;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.net.InetSocketAddress;

/** An HTTP/1.1 server at a TCP port, without encryption: for what anybody may know. Closing lets requests that are under way finish. */
public final class TcpHttpServer implements AutoCloseable {

  private final WebServer server;
  private final ReceiveWatch watch;

  private TcpHttpServer(WebServer server, ReceiveWatch watch) {
    this.server = server;
    this.watch = watch;
  }

  /** Listens; when this returns, callers are served. */
  public static TcpHttpServer open(InetSocketAddress address, HttpLimits limits, HttpEndpoint endpoint) throws CannotListen {
    ReceiveWatch watch = new ReceiveWatch(limits.receiveWithin());
    boolean open = false;
    try {
      TcpHttpServer server = new TcpHttpServer(HttpServing.start(address, limits, watch, endpoint), watch);
      open = true;
      return server;
    } catch (IOException | RuntimeException e) {
      throw new CannotListen(address.getHostString() + ":" + address.getPort(), String.valueOf(e.getMessage()),
          "Choose another with --health-listen", e);
    } finally {
      if (!open) {
        watch.close();
      }
    }
  }

  /** The port, as the kernel gave it out when 0 was asked for. */
  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.stop();
    watch.close();
  }
}
