package dev.moorage.csi.router;

import dev.moorage.csi.Rounds;
import dev.moorage.csi.node.proto.Concern;
import dev.moorage.csi.node.proto.ConcernsRequest;
import dev.moorage.csi.node.proto.InventoryGrpc;
import dev.moorage.csi.node.proto.Pool;
import dev.moorage.csi.tls.LiveCredentials;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.VolumeException.Unavailable;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The connections to all nodes, and which pool is where. A node is asked for its pools when it comes and every few seconds from then on.
 * Safe for use by several threads.
 */
final class Fleet implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger("dev.moorage.csi");
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration POLL = Duration.ofSeconds(10);
  private static final Duration CONCERNS = Duration.ofSeconds(5);

  /** What a node told longer ago is not true any more: it has missed some polls. */
  private static final Duration FRESH = Duration.ofSeconds(45);

  private final Nodes nodes;
  private final LiveCredentials credentials;
  private final Map<String, NodeLink> links = new ConcurrentHashMap<>();
  private final Map<String, String> seen = new ConcurrentHashMap<>();
  private final Map<String, String> troubles = new ConcurrentHashMap<>();
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1,
      Thread.ofPlatform().daemon().name("moorage-router-loop").factory(), NioIoHandler.newFactory());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Rounds rounds = new Rounds("moorage-router");

  Fleet(Nodes nodes, LiveCredentials credentials) {
    this.nodes = nodes;
    this.credentials = credentials;
  }

  /** Looks for nodes from now on; those that are there already have been asked when this returns, or have not answered. */
  void start() {
    look();
    pollAll(List.copyOf(links.values()));
    rounds.every(LOOK, LOOK, this::look);
    rounds.every(POLL, POLL, () -> links.values().forEach(this::pollSoon));
  }

  /** Connects to nodes that came, and gives up those that went or moved. */
  private synchronized void look() {
    Map<String, NodeAddress> present = nodes.present().stream()
        .collect(Collectors.toMap(NodeAddress::name, each -> each, (one, other) -> other));
    for (NodeLink link : List.copyOf(links.values())) {
      if (!link.address().equals(present.get(link.name()))) {
        links.remove(link.name());
        link.close();
      }
    }
    for (NodeAddress address : present.values()) {
      if (!links.containsKey(address.name())) {
        NodeLink link = new NodeLink(address, credentials, loop, threads);
        links.put(address.name(), link);
        pollSoon(link);
      }
    }
  }

  /** Asks a node for its pools, in the background: it was just given something to keep, or has come. */
  void pollSoon(NodeLink link) {
    if (!threads.isShutdown()) {
      threads.execute(() -> poll(link));
    }
  }

  private void poll(NodeLink link) {
    try {
      link.poll();
      link.report().ifPresent(report -> report.pools().getPoolsList().forEach(pool -> seen.put(pool.getId(), link.name())));
      if (troubles.remove(link.name()) != null) {
        LOG.log(System.Logger.Level.INFO, "node " + link.name() + " answers again");
      }
    } catch (Unavailable | RuntimeException e) {
      String trouble = String.valueOf(e.getMessage());
      if (links.get(link.name()) == link && !trouble.equals(troubles.put(link.name(), trouble))) {
        LOG.log(System.Logger.Level.WARNING, trouble);
      }
    }
  }

  private void pollAll(List<NodeLink> asked) {
    each(asked, this::poll);
  }

  /** Does something with each of these nodes at once, and waits for all of it. */
  void each(List<NodeLink> asked, Consumer<NodeLink> what) {
    CountDownLatch left = new CountDownLatch(asked.size());
    for (NodeLink link : asked) {
      threads.execute(Context.current().wrap(() -> {
        try {
          what.accept(link);
        } finally {
          left.countDown();
        }
      }));
    }
    try {
      left.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The nodes that are there, by name. */
  List<NodeLink> present() {
    return links.values().stream().sorted(Comparator.comparing(NodeLink::name)).toList();
  }

  /** The nodes that told of knowing a repository, first those that told last. */
  List<NodeLink> knowing(UUID repository) {
    String id = repository.toString();
    return links.values().stream()
        .filter(link -> link.report().stream().flatMap(report -> report.pools().getRepositoriesList().stream())
            .anyMatch(each -> each.getId().equals(id)))
        .sorted(Comparator.comparingLong(Fleet::toldAt).reversed()).toList();
  }

  private static long toldAt(NodeLink link) {
    return link.report().map(NodeLink.Report::at).orElse(0L);
  }

  /** The pools of a node, as it told not long ago. */
  List<Pool> pools(NodeLink link) {
    return link.report().filter(report -> System.nanoTime() - report.at() < FRESH.toNanos())
        .map(report -> report.pools().getPoolsList()).orElse(List.of());
  }

  /** Which node has each pool, as those tell that are there. */
  Map<String, String> pools() {
    Map<String, String> pools = new HashMap<>();
    for (NodeLink link : present()) {
      link.report().ifPresent(report -> report.pools().getPoolsList().forEach(pool -> pools.put(pool.getId(), link.name())));
    }
    return pools;
  }

  /** What the nodes that answer say somebody should know, by the node. */
  Map<String, List<Concern>> concerns() {
    Map<String, List<Concern>> told = new ConcurrentHashMap<>();
    each(present(), link -> {
      try {
        told.put(link.name(), link.call("ask node " + link.name() + " for its concerns", InventoryGrpc.getConcernsMethod(),
            ConcernsRequest.getDefaultInstance(), CONCERNS).getConcernsList());
      } catch (Unavailable | StatusRuntimeException e) {
        LOG.log(System.Logger.Level.DEBUG, String.valueOf(e.getMessage()));
      }
    });
    return told;
  }

  /** Why the nodes are not known yet. */
  Optional<String> waitsFor() {
    return nodes.waitsFor().or(() -> credentials.current().isEmpty() ? Optional.of("there are no certificates yet") : Optional.empty());
  }

  /** Where a pool is. Nodes that have told nothing yet are asked before one is called unknown. */
  Place place(String action, PoolId pool) throws Unavailable {
    Place place = find(pool);
    if (place instanceof Place.Unknown) {
      Optional<String> waits = waitsFor();
      if (waits.isPresent()) {
        throw new Unavailable(action, "the nodes are not known yet: " + waits.get(), "Ask again");
      }
      pollAll(present());
      place = find(pool);
    }
    return place;
  }

  private Place find(PoolId pool) {
    String id = pool.toString();
    List<NodeLink> having = new ArrayList<>(present());
    having.removeIf(link -> link.report().isEmpty() || link.report().get().pools().getPoolsList().stream()
        .noneMatch(each -> each.getId().equals(id)));
    if (!having.isEmpty()) {
      return new Place.Here(newest(having));
    }
    String node = nodes.remembered().getOrDefault(id, seen.getOrDefault(id, ""));
    if (node.isEmpty()) {
      return new Place.Unknown();
    }
    if (nodes.lost().contains(id)) {
      return new Place.Lost(node);
    }
    NodeLink link = links.get(node);
    return link == null ? new Place.Away(node) : new Place.Here(link);
  }

  /** A disk that was moved is told of by its old node until that is asked again. */
  private static NodeLink newest(List<NodeLink> having) {
    return having.stream().max(Comparator.comparingLong(Fleet::toldAt)).orElseThrow();
  }

  /** Whether somebody has declared of all pools of a node that they will never come back. */
  boolean isLost(String node) {
    Set<String> its = nodes.remembered().entrySet().stream().filter(each -> each.getValue().equals(node)).map(Map.Entry::getKey)
        .collect(Collectors.toSet());
    return !its.isEmpty() && lostPools().containsAll(its);
  }

  /** The pools that will never come back. One that somebody has is not among them, whatever was declared. */
  Set<String> lostPools() {
    Set<String> lost = new HashSet<>(nodes.lost());
    lost.removeAll(pools().keySet());
    return lost;
  }

  @Override
  public void close() {
    rounds.close();
    links.values().forEach(NodeLink::closeNow);
    threads.shutdown();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
