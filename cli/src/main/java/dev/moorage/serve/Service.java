package dev.moorage.serve;

import dev.moorage.admin.AdminServer;
import dev.moorage.admin.Serving;
import dev.moorage.config.Configuration;
import dev.moorage.config.CsiConfiguration;
import dev.moorage.config.ListenAddress;
import dev.moorage.config.PoolConfiguration;
import dev.moorage.csi.CsiDriver;
import dev.moorage.csi.CsiSettings;
import dev.moorage.csi.PortSettings;
import dev.moorage.docker.DockerPlugin;
import dev.moorage.http.HttpLimits;
import dev.moorage.http.TcpHttpServer;
import dev.moorage.linux.Machine;
import dev.moorage.socket.CannotListen;
import dev.moorage.storage.PoolStatus;
import dev.moorage.storage.Storage;
import dev.moorage.telemetry.Telemetry;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.VolumeException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * The running service. The sockets are bound first and calls on them wait for the storage: a dockerd that starts at the same moment
 * finds us, and never gets an empty answer. Closing ends in the opposite order; volumes in use stay mounted.
 */
public final class Service implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger("moorage.serve");
  private static final Duration HEALTH_STOP = Duration.ofSeconds(2);

  private final Configuration configuration;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  private Service(Configuration configuration) {
    this.configuration = configuration;
  }

  /** Opens everything; when this returns, both sockets answer. When it throws, everything is closed again. */
  public static Service start(Configuration configuration, String version, Map<String, String> environment) throws CannotServe {
    demandRights(configuration);
    Service service = new Service(configuration);
    boolean started = false;
    try {
      if (configuration.csi().controller()) {
        service.openRouter(version, environment);
      } else {
        service.openAll(version);
      }
      started = true;
      return service;
    } catch (CannotListen | VolumeException e) {
      throw new CannotServe(String.valueOf(e.getMessage()), e);
    } finally {
      if (!started) {
        service.close();
      }
    }
  }

  /** In place of pools and of a node. */
  private void openRouter(String version, Map<String, String> environment) throws CannotServe, CannotListen, VolumeException {
    Telemetry telemetry = new Telemetry();
    RouterParts parts = new RouterParts();
    openHealth(new HealthEndpoint(parts::waitsFor, telemetry));
    parts.open(configuration, version, environment, telemetry, open);
  }

  private void openAll(String version) throws CannotListen, VolumeException {
    Telemetry telemetry = new Telemetry();
    CompletableFuture<Storage> storage = new CompletableFuture<>();
    try {
      openHealth(new HealthEndpoint(() -> isOpen(storage) ? Optional.empty() : Optional.of("the volumes are being looked at"), telemetry));
      Serving serving = new Serving(version, configuration.dockerSocket(), configuration.runDir());
      open.push(AdminServer.open(configuration.adminSocket(), storage, telemetry, serving));
      Optional<Path> docker = configuration.dockerSocket();
      if (docker.isPresent()) {
        open.push(DockerPlugin.open(docker.get(), storage, telemetry));
      }
      Optional<Path> csi = configuration.csi().socket();
      if (csi.isPresent()) {
        open.push(CsiDriver.open(settings(configuration.csi(), csi.get(), version), storage, telemetry));
      }
      Storage opened = Storage.open(StorageTranslation.of(configuration), telemetry);
      // Beneath the sockets: closed after the last of their calls has ended.
      open.addLast(opened);
      if (configuration.dockerManaged()) {
        // Nobody calls Plugin.Activate then; but dockerd starts us anew whenever it starts itself.
        opened.publications().newDockerEpoch();
      }
      storage.complete(opened);
    } finally {
      // Without effect when the storage is open; otherwise callers that wait are told.
      storage.completeExceptionally(new IllegalStateException("the service did not start"));
    }
  }

  private void openHealth(HealthEndpoint endpoint) throws CannotListen {
    Optional<ListenAddress> address = configuration.healthListen();
    if (address.isPresent()) {
      open.push(TcpHttpServer.open(address(address.get()), HttpLimits.DEFAULT.withStopWithin(HEALTH_STOP), endpoint));
    }
  }

  private static boolean isOpen(CompletableFuture<Storage> storage) {
    return storage.isDone() && !storage.isCompletedExceptionally();
  }

  private static InetSocketAddress address(ListenAddress address) {
    return new InetSocketAddress(address.host(), address.port());
  }

  private static CsiSettings settings(CsiConfiguration csi, Path socket, String version) {
    return new CsiSettings(socket, csi.nodeId(), csi.cluster(), csi.volumesMax(), version, csi.registration(),
        csi.listen().map(listen -> new PortSettings(address(listen), csi.tls().orElseThrow())));
  }

  /** Only root may mount; the directory backend alone does not need to. */
  private static void demandRights(Configuration configuration) throws CannotServe {
    Optional<PoolConfiguration> mounting = configuration.pools().stream()
        .filter(_ -> !configuration.csi().controller())
        .filter(pool -> pool.backends().contains(BackendKind.IMAGE))
        .findFirst();
    if (mounting.isPresent() && !Machine.isRoot()) {
      throw new CannotServe("cannot start: the image backend of pool " + mounting.get().name()
          + " mounts filesystems, and only root may do that. Run it as root, or keep to directories with --pool-backends directory", null);
    }
  }

  /** One line about what is served, for the log. */
  public String summary() {
    if (configuration.csi().controller()) {
      return RouterParts.summary(configuration);
    }
    Storage storage = open.stream().filter(Storage.class::isInstance).map(Storage.class::cast).findFirst().orElseThrow();
    String pools = storage.pools().list().stream()
        .map(PoolStatus::settings)
        .map(pool -> pool.name() + " " + pool.root())
        .collect(Collectors.joining(", "));
    return storage.volumes().list(Optional.empty()).size() + " volumes in " + pools
        + "; docker socket " + configuration.dockerSocket().map(Path::toString).orElse("none")
        + configuration.csi().socket().map(path -> "; csi socket " + path).orElse("")
        + configuration.csi().listen().map(address -> "; csi port " + address).orElse("")
        + configuration.healthListen().map(address -> "; health port " + address).orElse("")
        + "; admin socket " + configuration.adminSocket();
  }

  /** Stops taking calls, lets those under way end, closes the storage. Nothing that fails here keeps the rest from closing. */
  @Override
  public void close() {
    while (!open.isEmpty()) {
      closeOne(open.pop());
    }
  }

  private static void closeOne(AutoCloseable part) {
    try {
      part.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      // The signature of AutoCloseable leaves no narrower choice, and the other parts must be closed all the same.
      LOG.log(System.Logger.Level.WARNING, "while stopping: " + e.getMessage(), e);
    }
  }
}
