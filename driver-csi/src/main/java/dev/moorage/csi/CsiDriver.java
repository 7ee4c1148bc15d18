package dev.moorage.csi;

import dev.moorage.socket.CannotListen;
import dev.moorage.storage.Storage;
import dev.moorage.telemetry.Telemetry;
import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The CSI driver of a node: at its socket, at the port by which the router of its cluster commands it, and the socket by which the
 * kubelet is told of it. All are open before the volumes are loaded; calls that need those wait a little and are then told to come again.
 */
public final class CsiDriver implements AutoCloseable {

  /** What closes each part; the newest first. */
  private final Deque<Runnable> open = new ArrayDeque<>();
  private int port = -1;

  private CsiDriver() {}

  /**
   * Opens the sockets.
   *
   * @param storage completed when the volumes are loaded, or have turned out not to be loadable
   */
  public static CsiDriver open(CsiSettings settings, CompletableFuture<Storage> storage, Telemetry telemetry) throws CannotListen {
    CsiDriver driver = new CsiDriver();
    boolean open = false;
    try {
      driver.openAll(settings, new Host(settings, storage), telemetry);
      open = true;
      return driver;
    } finally {
      if (!open) {
        driver.close();
      }
    }
  }

  private void openAll(CsiSettings settings, Host host, Telemetry telemetry) throws CannotListen {
    List<ServerInterceptor> interceptors = List.of(new CallMeter(telemetry));
    VolumeCalls volumes = new VolumeCalls(host);
    SnapshotCalls snapshots = new SnapshotCalls(host);
    List<BindableService> controller = List.of(
        new IdentityService(settings.version(), host::isOpen),
        new ControllerService(host, volumes, snapshots, new ListCalls(host, volumes, snapshots)),
        new GroupService(new GroupCalls(host, snapshots)),
        new MetadataService(host));
    open.push(GrpcSocket.open(settings.socket(), with(controller, new NodeService(host, new NodeCalls(host, volumes))), interceptors)::close);
    if (settings.port().isPresent()) {
      NodePort opened = NodePort.open(settings.port().get(), with(controller, new InventoryService(host, Clock.systemUTC())),
          with(interceptors, new NodeMark(settings.nodeId())));
      port = opened.port();
      open.push(opened::close);
    }
    // Last, for the kubelet calls the driver as soon as it sees this one.
    if (settings.registration().isPresent()) {
      open.push(GrpcSocket.open(settings.registration().get(), List.of(new RegistrationService(settings)), List.of())::close);
    }
  }

  private static <T> List<T> with(List<T> some, T another) {
    List<T> all = new ArrayList<>(some);
    all.add(another);
    return all;
  }

  /** The port for the router, as it was given out by the kernel when the settings name port 0; -1 without one. */
  public int port() {
    return port;
  }

  /** Lets calls that are under way finish, so it comes before the storage is closed. */
  @Override
  public void close() {
    while (!open.isEmpty()) {
      open.pop().run();
    }
  }
}
