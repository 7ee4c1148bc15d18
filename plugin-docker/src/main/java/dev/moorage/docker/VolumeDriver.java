package dev.moorage.docker;

import dev.moorage.storage.Caller;
import dev.moorage.storage.PoolStatus;
import dev.moorage.storage.Storage;
import dev.moorage.storage.VolumeRef;
import dev.moorage.volume.Owner;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeName;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Carries out dockerd's calls on the volumes of the owner {@code docker}. Safe for use by many threads. */
final class VolumeDriver implements AutoCloseable {

  private final CompletableFuture<Storage> storage;
  private final LiveStatus liveStatus = new LiveStatus();

  VolumeDriver(CompletableFuture<Storage> storage) {
    this.storage = storage;
  }

  JsonObject carryOut(DockerRequest request, Deadline deadline) throws VolumeException {
    if (request instanceof DockerRequest.Capabilities) {
      return Wire.object().add("Capabilities", Wire.object().add("Scope", "local")).build();
    }
    return carryOut(loaded(request.action(), deadline), request, deadline);
  }

  private JsonObject carryOut(Storage ready, DockerRequest request, Deadline deadline) throws VolumeException {
    return switch (request) {
      case DockerRequest.Activate _ -> activate(ready);
      case DockerRequest.Create(var volume) -> {
        ready.volumes().create(deadline.caller(), volume);
        yield done().build();
      }
      case DockerRequest.Remove(var name) -> {
        ready.volumes().remove(deadline.caller(), named(name));
        yield done().build();
      }
      case DockerRequest.Mount mount -> mount(ready, mount, deadline);
      case DockerRequest.Unmount unmount -> unmount(ready, unmount, deadline);
      case DockerRequest.PathOf path -> pathOf(ready, path, deadline);
      case DockerRequest.Get get -> get(ready, get, deadline);
      case DockerRequest.ListAll _ -> list(ready);
      case DockerRequest.Capabilities _ -> throw new IllegalStateException("BUG: capabilities need no volumes");
    };
  }

  /** Waits until the volumes are known. */
  private Storage loaded(String action, Deadline deadline) throws VolumeException {
    try {
      return storage.get(deadline.forCatalog().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new VolumeException.Unavailable(action, "the volumes are still being loaded", "Try again in a moment", e);
    } catch (ExecutionException e) {
      Throwable cause = Optional.ofNullable(e.getCause()).orElse(e);
      throw new VolumeException.Unavailable(action, "the volumes could not be loaded: " + cause.getMessage(),
          "See the log of moorage", cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new VolumeException.Unavailable(action, "the service is shutting down", "Try again when it is back", e);
    }
  }

  private static VolumeRef named(VolumeName name) {
    return new VolumeRef.Named(Owner.DOCKER, name);
  }

  private static JsonObjectBuilder done() {
    return Wire.object().add("Err", "");
  }

  /** dockerd has started: references that it holds no more can be told from now on. */
  private static JsonObject activate(Storage storage) throws VolumeException {
    storage.publications().newDockerEpoch();
    return Wire.object().add("Implements", Wire.array().add("VolumeDriver")).build();
  }

  private static JsonObject mount(Storage storage, DockerRequest.Mount mount, Deadline deadline) throws VolumeException {
    Path path = storage.publications().mount(deadline.caller(), named(mount.name()), mount.consumer());
    return done().add("Mountpoint", path.toString()).build();
  }

  /** A volume that does not exist is not mounted, so there is nothing to refuse: the container shall stop. */
  private static JsonObject unmount(Storage storage, DockerRequest.Unmount unmount, Deadline deadline)
      throws VolumeException {
    Caller caller = deadline.caller();
    if (storage.volumes().find(caller, named(unmount.name())).isPresent()) {
      storage.publications().unmount(caller, named(unmount.name()), unmount.consumer());
    }
    return done().build();
  }

  private static JsonObject pathOf(Storage storage, DockerRequest.PathOf path, Deadline deadline) throws VolumeException {
    Optional<Volume> volume = storage.volumes().find(deadline.caller(), named(path.name()));
    String mountPoint = volume.map(found -> mountPoint(storage, found)).orElse("");
    return done().add("Mountpoint", mountPoint).build();
  }

  private JsonObject get(Storage storage, DockerRequest.Get get, Deadline deadline) throws VolumeException {
    Optional<Volume> volume = storage.volumes().find(deadline.caller(), named(get.name()));
    if (volume.isEmpty()) {
      demandNoPoolAbsent(storage, get.action());
      throw new VolumeException.NotFound(get.action(), "there is no such volume", "");
    }
    JsonObject status = liveStatus.of(storage, volume.get(), deadline.statusCaller());
    return done().add("Volume", described(storage, volume.get()).add("Status", status)).build();
  }

  /** A volume of a pool whose disk is not there is not gone: dockerd shall keep what it knows of it. */
  private static void demandNoPoolAbsent(Storage storage, String action) throws VolumeException {
    for (PoolStatus pool : storage.pools().absent()) {
      throw new VolumeException.Unavailable(action, "it may be in pool " + pool.settings().name() + ", which is not there: "
          + pool.problem().orElse(""), "Bring the pool back");
    }
  }

  private static JsonObject list(Storage storage) {
    JsonArrayBuilder volumes = Wire.array();
    for (Volume volume : storage.volumes().list(Optional.of(Owner.DOCKER))) {
      volumes.add(described(storage, volume));
    }
    return done().add("Volumes", volumes).build();
  }

  private static JsonObjectBuilder described(Storage storage, Volume volume) {
    return Wire.object()
        .add("Name", volume.name().value())
        .add("Mountpoint", mountPoint(storage, volume))
        .add("CreatedAt", volume.createdAt().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  private static String mountPoint(Storage storage, Volume volume) {
    return storage.publications().mountPoint(volume.id()).map(Path::toString).orElse("");
  }

  @Override
  public void close() {
    liveStatus.close();
  }
}
