package dev.moorage.docker;

import dev.moorage.storage.Caller;
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
    return switch (request) {
      case DockerRequest.Capabilities _ ->
          Wire.object().add("Capabilities", Wire.object().add("Scope", "local")).build();
      case DockerRequest.Activate _ -> activate(loaded("activate the plugin", deadline));
      case DockerRequest.Create create -> {
        Storage ready = loaded("create volume " + create.volume().name(), deadline);
        ready.volumes().create(deadline.caller(), create.volume());
        yield done().build();
      }
      case DockerRequest.Remove remove -> {
        Storage ready = loaded("remove volume " + remove.name(), deadline);
        ready.volumes().remove(deadline.caller(), named(remove.name()));
        yield done().build();
      }
      case DockerRequest.Mount mount -> mount(loaded("mount volume " + mount.name(), deadline), mount, deadline);
      case DockerRequest.Unmount unmount -> unmount(loaded("unmount volume " + unmount.name(), deadline), unmount, deadline);
      case DockerRequest.PathOf path -> pathOf(loaded("find the path of volume " + path.name(), deadline), path, deadline);
      case DockerRequest.Get get -> get(loaded("find volume " + get.name(), deadline), get, deadline);
      case DockerRequest.ListAll _ -> list(loaded("list volumes", deadline));
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
      throw new VolumeException.NotFound("find volume " + get.name(), "there is no such volume", "");
    }
    JsonObject status = liveStatus.of(storage, volume.get(), deadline.statusCaller());
    return done().add("Volume", described(storage, volume.get()).add("Status", status)).build();
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
