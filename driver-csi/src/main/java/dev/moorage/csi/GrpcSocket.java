package dev.moorage.csi;

import dev.moorage.socket.CannotListen;
import dev.moorage.socket.SocketFile;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A gRPC server on one Unix socket of mode 0600, without native code. Calls run on a bounded number of platform threads, because their
 * kernel calls would pin virtual ones. Closing lets calls under way finish, and removes the file if it is still ours.
 */
final class GrpcSocket implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(GrpcSocket.class.getName());
  private static final int CALLS_AT_ONCE = 32;
  private static final int CALLS_OF_A_CONNECTION_MAX = 256;
  private static final int MESSAGE_BYTES_MAX = 1 << 20;
  private static final Duration STOP = Duration.ofSeconds(100);

  /** Held, because the logging framework forgets the level of a logger that nobody refers to. It warns of options that sockets lack. */
  private static final Logger NETTY = Logger.getLogger("io.netty");
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  private final Server server;
  private final EventLoopGroup loop;
  private final ThreadPoolExecutor threads;
  private final SocketFile file;

  private GrpcSocket(Server server, EventLoopGroup loop, ThreadPoolExecutor threads, SocketFile file) {
    this.server = server;
    this.loop = loop;
    this.threads = threads;
    this.file = file;
  }

  /** Listens; when this returns, callers are served. */
  static GrpcSocket open(Path socket, List<BindableService> services) throws CannotListen {
    NETTY.setLevel(Level.SEVERE);
    GRPC.setLevel(Level.WARNING);
    ThreadPoolExecutor threads = new ThreadPoolExecutor(CALLS_AT_ONCE, CALLS_AT_ONCE, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
        Thread.ofPlatform().daemon().name("moorage-csi-", 1).factory());
    threads.allowCoreThreadTimeOut(true);
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, Thread.ofPlatform().daemon().name("moorage-csi-loop").factory(),
        NioIoHandler.newFactory());
    AtomicReference<Server> started = new AtomicReference<>();
    boolean open = false;
    try {
      SocketFile file = SocketFile.publish(socket.toAbsolutePath().normalize(),
          address -> started.set(start(address, services, loop, threads)));
      open = true;
      return new GrpcSocket(started.get(), loop, threads, file);
    } finally {
      if (!open) {
        if (started.get() != null) {
          started.get().shutdownNow();
        }
        end(loop, threads);
      }
    }
  }

  private static Server start(UnixDomainSocketAddress address, List<BindableService> services, EventLoopGroup loop,
      ThreadPoolExecutor threads) throws IOException {
    NettyServerBuilder builder = NettyServerBuilder.forAddress(address)
        .channelType(NioServerDomainSocketChannel.class)
        .bossEventLoopGroup(loop)
        .workerEventLoopGroup(loop)
        .executor(threads)
        .maxConcurrentCallsPerConnection(CALLS_OF_A_CONNECTION_MAX)
        .maxInboundMessageSize(MESSAGE_BYTES_MAX)
        .intercept(new CallLog());
    services.forEach(builder::addService);
    return builder.build().start();
  }

  private static void end(EventLoopGroup loop, ThreadPoolExecutor threads) {
    threads.shutdown();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Override
  public void close() {
    try {
      // First the name, so that a caller who comes now is refused at once and comes again to whoever takes our place.
      file.remove();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "cannot remove the socket " + file.path(), e);
    }
    server.shutdown();
    try {
      if (!server.awaitTermination(STOP.toSeconds(), TimeUnit.SECONDS)) {
        LOG.log(System.Logger.Level.WARNING, "calls on " + file.path() + " do not end; the next start finishes what they began");
        server.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      server.shutdownNow();
    }
    end(loop, threads);
  }
}
