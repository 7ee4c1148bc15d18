package dev.moorage.csi;

import dev.moorage.socket.CannotListen;
import dev.moorage.socket.SocketFile;
import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A gRPC server on one Unix socket of mode 0600, without native code. Closing lets calls under way finish, and removes the file if it is
 * still ours.
 */
public final class GrpcSocket implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(GrpcSocket.class.getName());

  private final GrpcServing serving;
  private final SocketFile file;

  private GrpcSocket(GrpcServing serving, SocketFile file) {
    this.serving = serving;
    this.file = file;
  }

  /** Listens; when this returns, callers are served, by platform threads. */
  static GrpcSocket open(Path socket, List<BindableService> services, List<ServerInterceptor> interceptors) throws CannotListen {
    return open(socket, GrpcServing.onPlatformThreads(socket.toString()), services, interceptors);
  }

  /** Listens; when this returns, callers are served, by virtual threads, which may wait for others. */
  public static GrpcSocket openWaiting(Path socket, List<BindableService> services, List<ServerInterceptor> interceptors)
      throws CannotListen {
    return open(socket, GrpcServing.onVirtualThreads(socket.toString()), services, interceptors);
  }

  private static GrpcSocket open(Path socket, GrpcServing serving, List<BindableService> services, List<ServerInterceptor> interceptors)
      throws CannotListen {
    boolean open = false;
    try {
      SocketFile file = SocketFile.publish(socket.toAbsolutePath().normalize(),
          address -> serving.start(address, NioServerDomainSocketChannel.class, services, interceptors, builder -> builder));
      open = true;
      return new GrpcSocket(serving, file);
    } finally {
      if (!open) {
        serving.close();
      }
    }
  }

  @Override
  public void close() {
    try {
      // First the name, so that a caller who comes now is refused at once and comes again to whoever takes our place.
      file.remove();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "cannot remove the socket " + file.path(), e);
    }
    serving.close();
  }
}
