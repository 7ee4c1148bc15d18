package dev.moorage.csi.router;

import dev.moorage.csi.Cluster;
import dev.moorage.csi.CsiSettings;
import dev.moorage.csi.tls.TestCertificates;
import dev.moorage.objectstore.ObjectStores;
import dev.moorage.storage.RepositorySettings;
import dev.moorage.storage.Storage;
import dev.moorage.storage.StorageSettings;
import dev.moorage.telemetry.Telemetry;
import dev.moorage.testkit.Scratch;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.Owner;
import dev.moorage.volume.VolumeException;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Two nodes with disks of their own, a router, and a client of it; who is there is what the test says. */
final class RoutedCluster implements AutoCloseable, Nodes, Destinations {

  final TestCertificates certificates = new TestCertificates();
  final Path directory = Scratch.directory("routed");
  final Cluster first;
  final Cluster second;
  final Map<String, InetSocketAddress> here = new ConcurrentHashMap<>();
  final Map<String, String> pools = new ConcurrentHashMap<>();
  final Set<String> gone = ConcurrentHashMap.newKeySet();
  final Map<String, String> sent = new ConcurrentHashMap<>();
  final ManagedChannel channel;
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final List<RepositorySettings> repositories;
  private Storage storage;
  private Router router;

  RoutedCluster(ByteSize one, ByteSize other, List<RepositorySettings> repositories) throws Exception {
    this.repositories = repositories;
    Path tls = Files.createDirectory(directory.resolve("tls"));
    certificates.write(tls, certificates.node());
    first = new Cluster("node-1", one, tls);
    second = new Cluster("node-2", other, tls);
    here.putAll(new HashMap<>(Map.of("node-1", first.address(), "node-2", second.address())));
    storage = openStorage();
    router = openRouter();
    channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket()))
        .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class).eventLoopGroup(loop).usePlaintext().build();
  }

  private Storage openStorage() throws VolumeException {
    return Storage.open(new StorageSettings(List.of(), directory.resolve("run"), repositories, new ObjectStores(Map.of())), new Telemetry());
  }

  private Router openRouter() throws Exception {
    return Router.open(new CsiSettings(socket(), "", new Owner("kubernetes"), 0, "test", Optional.empty(), Optional.empty()), this, this,
        certificates.live(certificates.controller()), storage, new Telemetry());
  }

  Path socket() {
    return directory.resolve("router.sock");
  }

  /** As when another replica takes over: nothing is known but what the cluster remembers. */
  void restartRouter() throws Exception {
    router.close();
    storage.close();
    storage = openStorage();
    router = openRouter();
  }

  /** As the leader does, now and then. */
  void remember() {
    pools.putAll(router.pools());
  }

  @Override
  public Optional<String> waitsFor() {
    return Optional.empty();
  }

  @Override
  public List<NodeAddress> present() {
    return here.entrySet().stream().map(each -> new NodeAddress(each.getKey(), each.getValue())).toList();
  }

  @Override
  public Map<String, String> remembered() {
    return pools;
  }

  @Override
  public Set<String> lost() {
    return gone;
  }

  @Override
  public Optional<String> of(String action, String name) {
    return Optional.ofNullable(sent.get(name));
  }

  @Override
  public void note(String action, String name, String node) {
    sent.put(name, node);
  }

  @Override
  public void forget(String name) {
    sent.remove(name);
  }

  @Override
  public void close() throws VolumeException {
    channel.shutdownNow();
    router.close();
    storage.close();
    first.close();
    second.close();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    Scratch.remove(directory);
  }
}
