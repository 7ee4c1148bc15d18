package dev.moorage.csi.router;

import dev.moorage.csi.CallMeter;
import dev.moorage.csi.CsiSettings;
import dev.moorage.csi.GrpcSocket;
import dev.moorage.csi.IdentityService;
import dev.moorage.csi.RepositoryOnly;
import dev.moorage.csi.node.proto.Concern;
import dev.moorage.csi.tls.LiveCredentials;
import dev.moorage.socket.CannotListen;
import dev.moorage.storage.Storage;
import dev.moorage.telemetry.Telemetry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One controller of many nodes: it speaks CSI with the sidecars at its socket and with the nodes over mutual TLS, and sends each call to
 * the node that it is for. It keeps nothing of its own: several may run, and any of them may be asked. Closing lets calls under way finish.
 */
public final class Router implements AutoCloseable {

  private final Fleet fleet;
  private final GrpcSocket socket;

  private Router(Fleet fleet, GrpcSocket socket) {
    this.fleet = fleet;
    this.socket = socket;
  }

  /**
   * Opens the socket and connects to the nodes.
   *
   * @param settings of which the node's id has no meaning here
   * @param destinations what outlives this router of where new volumes were sent
   * @param credentials what the router shows to nodes
   * @param repositories a storage without pools
   */
  public static Router open(CsiSettings settings, Nodes nodes, Destinations destinations, LiveCredentials credentials, Storage repositories,
      Telemetry telemetry) throws CannotListen {
    Fleet fleet = new Fleet(nodes, credentials);
    boolean open = false;
    try {
      RepositoryOnly remote = new RepositoryOnly(settings, CompletableFuture.completedFuture(repositories));
      Capacities capacities = new Capacities(fleet);
      SnapshotRoutes snapshots = new SnapshotRoutes(fleet, remote);
      fleet.start();
      GrpcSocket socket = GrpcSocket.openWaiting(settings.socket(), List.of(
          new IdentityService(settings.version(), () -> fleet.waitsFor().isEmpty()),
          new RoutedController(new VolumeRoutes(fleet, new Placement(fleet, capacities, destinations)), snapshots,
              new Lists(fleet, snapshots, remote), capacities),
          new RoutedGroups(new GroupRoutes(fleet, snapshots)),
          new MetadataRoutes(fleet, remote)), List.of(new CallMeter(telemetry)));
      open = true;
      return new Router(fleet, socket);
    } finally {
      if (!open) {
        fleet.close();
      }
    }
  }

  /** Why it is not ready yet; empty as soon as it knows the nodes. */
  public Optional<String> waitsFor() {
    return fleet.waitsFor();
  }

  /** Which node has each pool, as those tell that are there. */
  public Map<String, String> pools() {
    return fleet.pools();
  }

  /** What the nodes that answer say somebody should know, by the node. */
  public Map<String, List<Concern>> concerns() {
    return fleet.concerns();
  }

  @Override
  public void close() {
    socket.close();
    fleet.close();
  }
}
