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
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One node: a pool on a disk of its own, the driver on its socket, and a client of it. */
final class Cluster implements AutoCloseable {

  private final TestDisk disk = TestDisk.make(TestDisk.Kind.XFS, ByteSize.ofGibibytes(2));
  private final Path directory = Scratch.directory("csi");
  private final String node;
  private final List<BackendKind> backends;
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  final ManagedChannel channel;
  Storage storage;
  private CsiDriver driver;

  Cluster(String node) throws Exception {
    this(node, List.of(BackendKind.IMAGE, BackendKind.DIRECTORY));
  }

  /** A node whose pool keeps volumes by these backends. */
  Cluster(String node, List<BackendKind> backends) throws Exception {
    this.node = node;
    this.backends = backends;
    this.storage = openStorage();
    this.driver = CsiDriver.open(settings(), CompletableFuture.completedFuture(storage));
    this.channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(settings().socket()))
        .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class).eventLoopGroup(loop).usePlaintext().build();
  }

  private Storage openStorage() throws VolumeException {
    PoolSettings plain = PoolSettings.at(new PoolName("fast"), disk.directory().resolve("fast"));
    PoolSettings pool = new PoolSettings(plain.name(), plain.root(), backends, Optional.of(10.0), plain.defaultSize(),
        Duration.ofHours(1), plain.file());
    return Storage.open(new StorageSettings(List.of(pool), directory.resolve("run"), node), new Telemetry());
  }

  private CsiSettings settings() {
    return new CsiSettings(directory.resolve("csi.sock"), node, new Owner("kubernetes"), 100, "test",
        Optional.of(directory.resolve("registration.sock")));
  }

  /** A directory for what the kubelet makes. */
  Path directory() {
    return directory;
  }

  /** As when the node's pod is replaced. */
  void restart() throws Exception {
    driver.close();
    storage.close();
    storage = openStorage();
    driver = CsiDriver.open(settings(), CompletableFuture.completedFuture(storage));
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
