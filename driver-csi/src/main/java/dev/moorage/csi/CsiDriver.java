package dev.moorage.csi;

import dev.moorage.socket.CannotListen;
import dev.moorage.storage.Storage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The CSI driver at its socket, and the socket by which the kubelet is told of it. Both are open before the volumes are loaded; calls
 * that need those wait a little and are then told to come again.
 */
public final class CsiDriver implements AutoCloseable {

  private final GrpcSocket socket;
  private final Optional<GrpcSocket> registration;

  private CsiDriver(GrpcSocket socket, Optional<GrpcSocket> registration) {
    this.socket = socket;
    this.registration = registration;
  }

  /**
   * Opens the sockets.
   *
   * @param storage completed when the volumes are loaded, or have turned out not to be loadable
   */
  public static CsiDriver open(CsiSettings settings, CompletableFuture<Storage> storage) throws CannotListen {
    Host host = new Host(settings, storage);
    VolumeCalls volumes = new VolumeCalls(host);
    SnapshotCalls snapshots = new SnapshotCalls(host);
    GrpcSocket socket = GrpcSocket.open(settings.socket(), List.of(
        new IdentityService(host),
        new ControllerService(host, volumes, snapshots, new ListCalls(host, volumes, snapshots)),
        new GroupService(new GroupCalls(host, snapshots)),
        new MetadataService(host),
        new NodeService(host, new NodeCalls(host, volumes))));
    boolean open = false;
    try {
      // The kubelet calls the driver as soon as it sees this one.
      Optional<GrpcSocket> registration = settings.registration().isEmpty() ? Optional.empty()
          : Optional.of(GrpcSocket.open(settings.registration().get(), List.of(new RegistrationService(settings))));
      open = true;
      return new CsiDriver(socket, registration);
    } finally {
      if (!open) {
        socket.close();
      }
    }
  }

  /** Lets calls that are under way finish, so it comes before the storage is closed. */
  @Override
  public void close() {
    registration.ifPresent(GrpcSocket::close);
    socket.close();
  }
}
