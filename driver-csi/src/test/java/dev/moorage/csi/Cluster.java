package dev.moorage.csi;

import dev.moorage.pool.PoolSettings;
import dev.moorage.storage.Storage;
import dev.moorage.storage.StorageSettings;
import dev.moorage.telemetry.Telemetry;
import dev.moorage.testkit.Scratch;
import dev.moorage.testkit.TestDisk;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.VolumeException;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One node: a pool on a disk of its own, the driver on its socket and, for a router, at a port, and a client of it. */
public final class Cluster implements AutoCloseable {

  private final TestDisk disk;
  private final Path directory = Scratch.directory("csi");
  private final String node;
  private final List<BackendKind> backends;
  private final Optional<Path> certificates;
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Telemetry telemetry = new Telemetry();
  public final ManagedChannel channel;
  public Storage storage;
  private CsiDriver driver;
  private int port = -1;

  Cluster(String node) throws Exception {
    this(node, List.of(BackendKind.IMAGE, BackendKind.DIRECTORY));
  }

  /** A node whose pool keeps volumes by these backends. */
  Cluster(String node, List<BackendKind> backends) throws Exception {
    this(node, backends, ByteSize.ofGibibytes(2), Optional.empty());
  }

  /** A node of a cluster with a router, which shows it the certificates of this directory. */
  public Cluster(String node, ByteSize size, Path certificates) throws Exception {
    this(node, List.of(BackendKind.IMAGE, BackendKind.DIRECTORY), size, Optional.of(certificates));
  }

  private Cluster(String node, List<BackendKind> backends, ByteSize size, Optional<Path> certificates) throws Exception {
    this.node = node;
    this.backends = backends;
    this.certificates = certificates;
    this.disk = TestDisk.make(TestDisk.Kind.XFS, size);
    this.storage = openStorage();
    this.driver = openDriver();
    this.channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(settings().socket()))
        .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class).eventLoopGroup(loop).usePlaintext().build();
  }

  private Storage openStorage() throws VolumeException {
    PoolSettings plain = PoolSettings.at(new PoolName("fast"), disk.directory().resolve("fast"));
    PoolSettings pool = new PoolSettings(plain.name(), plain.root(), backends, Optional.of(10.0), plain.defaultSize(),
        Duration.ofHours(1), plain.file());
    return Storage.open(new StorageSettings(List.of(pool), directory.resolve("run"), node), telemetry);
  }

  private CsiSettings settings() {
    return new CsiSettings(directory.resolve("csi.sock"), node, new Owner("kubernetes"), 100, "test",
        Optional.of(directory.resolve("registration.sock")),
        certificates.map(each -> new PortSettings(new InetSocketAddress(InetAddress.getLoopbackAddress(), Math.max(0, port)), each)));
  }

  /** Where the router finds it; the same after a restart. */
  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** As when the node's pod is gone; its volumes stay. */
  public void stop() throws VolumeException {
    driver.close();
    storage.close();
  }

  /** As when the node's pod has come back. */
  public void start() throws Exception {
    storage = openStorage();
    driver = openDriver();
  }

  private CsiDriver openDriver() throws Exception {
    CsiDriver opened = CsiDriver.open(settings(), CompletableFuture.completedFuture(storage), telemetry);
    port = opened.port();
    return opened;
  }

  /** A directory for what the kubelet makes. */
  public Path directory() {
    return directory;
  }

  /** As when the node's pod is replaced. */
  void restart() throws Exception {
    stop();
    start();
  }

  @Override
  public void close() throws VolumeException {
    channel.shutdownNow();
    driver.close();
    storage.close();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    disk.close();
    Scratch.remove(directory);
  }
}
