package dev.moorage.csi;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One gRPC server with its threads, wherever it listens. Closing lets calls under way finish. Not for use by several threads. */
final class GrpcServing implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(GrpcServing.class.getName());
  private static final int CALLS_AT_ONCE = 32;
  private static final int CALLS_OF_A_CONNECTION_MAX = 256;
  private static final int MESSAGE_BYTES_MAX = 1 << 20;
  private static final Duration STOP = Duration.ofSeconds(100);

  /** Held, because the logging framework forgets the level of a logger that nobody refers to. It warns of options that sockets lack. */
  private static final Logger NETTY = Logger.getLogger("io.netty");
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  private final String name;
  private final EventLoopGroup loop;
  private final ExecutorService threads;
  private @Nullable Server server;

  private GrpcServing(String name, ExecutorService threads) {
    NETTY.setLevel(Level.SEVERE);
    GRPC.setLevel(Level.WARNING);
    this.name = name;
    this.threads = threads;
    this.loop = new MultiThreadIoEventLoopGroup(1, Thread.ofPlatform().daemon().name("moorage-csi-loop").factory(),
        NioIoHandler.newFactory());
  }

  /** On a bounded number of platform threads, for services whose kernel calls would pin virtual ones. */
  static GrpcServing onPlatformThreads(String name) {
    ThreadPoolExecutor threads = new ThreadPoolExecutor(CALLS_AT_ONCE, CALLS_AT_ONCE, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
        Thread.ofPlatform().daemon().name("moorage-csi-", 1).factory());
    threads.allowCoreThreadTimeOut(true);
    return new GrpcServing(name, threads);
  }

  /** On a virtual thread for each call, for services that make no kernel calls and wait for others. */
  static GrpcServing onVirtualThreads(String name) {
    return new GrpcServing(name, Executors.newVirtualThreadPerTaskExecutor());
  }

  /**
   * Listens; when this returns, callers are served.
   *
   * @param interceptors what sees every call, but not its messages; the last one first
   * @param more what the kind of listening needs besides
   */
  void start(SocketAddress address, Class<? extends ServerChannel> kind, List<BindableService> services,
      List<ServerInterceptor> interceptors, UnaryOperator<NettyServerBuilder> more) throws IOException {
    NettyServerBuilder builder = more.apply(NettyServerBuilder.forAddress(address)
        .channelType(kind)
        .bossEventLoopGroup(loop)
        .workerEventLoopGroup(loop)
        .executor(threads)
        .maxConcurrentCallsPerConnection(CALLS_OF_A_CONNECTION_MAX)
        .maxInboundMessageSize(MESSAGE_BYTES_MAX));
    WellFormed wellFormed = new WellFormed(name);
    services.forEach(each -> builder.addService(ServerInterceptors.intercept(wellFormed.before(each, new CallLog()), interceptors)));
    server = builder.build().start();
  }

  /** The port, of a server that listens at one. */
  int port() {
    return server == null ? -1 : server.getPort();
  }

  @Override
  public void close() {
    Server started = server;
    if (started != null) {
      started.shutdown();
      try {
        if (!started.awaitTermination(STOP.toSeconds(), TimeUnit.SECONDS)) {
          LOG.log(System.Logger.Level.WARNING, "calls on " + name + " do not end; the next start finishes what they began");
          started.shutdownNow();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        started.shutdownNow();
      }
    }
    threads.shutdown();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
