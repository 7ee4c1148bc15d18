package dev.moorage.csi;

import dev.moorage.csi.tls.CertificateFiles;
import dev.moorage.csi.tls.LiveCredentials;
import dev.moorage.socket.CannotListen;
import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The services of this node at a TCP port, for the router of the cluster and for nobody else. The port is open from the start, so that
 * one that is taken is found at once; while there are no certificates, every caller is refused. Closing lets calls under way finish.
 */
final class NodePort implements AutoCloseable {

  /** Routers look whether a node is still there so often. */
  private static final Duration LOOK_LEAST = Duration.ofSeconds(5);

  private final GrpcServing serving;
  private final CertificateFiles files;

  private NodePort(GrpcServing serving, CertificateFiles files) {
    this.serving = serving;
    this.files = files;
  }

  static NodePort open(PortSettings settings, List<BindableService> services, List<ServerInterceptor> interceptors) throws CannotListen {
    CertificateFiles files = CertificateFiles.watch(settings.certificates());
    InetSocketAddress address = settings.address();
    GrpcServing serving = GrpcServing.onPlatformThreads("port " + address.getPort());
    boolean open = false;
    try {
      serving.start(address, NioServerSocketChannel.class, services, interceptors, builder -> builder
          .sslContext(files.live().server(LiveCredentials.CONTROLLER))
          .permitKeepAliveTime(LOOK_LEAST.toSeconds(), TimeUnit.SECONDS)
          .permitKeepAliveWithoutCalls(true));
      open = true;
      return new NodePort(serving, files);
    } catch (IOException e) {
      throw new CannotListen(address.getHostString() + ":" + address.getPort(), cause(e), "Choose another with --csi-listen", e);
    } finally {
      if (!open) {
        files.close();
        serving.close();
      }
    }
  }

  private static String cause(IOException e) {
    return String.valueOf(e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
  }

  int port() {
    return serving.port();
  }

  @Override
  public void close() {
    files.close();
    serving.close();
  }
}
