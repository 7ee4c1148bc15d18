package dev.moorage.admin;

import dev.moorage.storage.Caller;
import dev.moorage.storage.CreateVolume;
import dev.moorage.storage.PoolStatus;
import dev.moorage.storage.SnapshotRef;
import dev.moorage.storage.Storage;
import dev.moorage.storage.VolumeRef;
import dev.moorage.storage.VolumeStatus;
import dev.moorage.volume.Access;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.FilesystemType;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.SizeRange;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.NotFound;
import dev.moorage.volume.VolumeName;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Routes below {@code /v1/volumes}. */
final class VolumeRoutes {

  private VolumeRoutes() {}

  static void addTo(Routes routes) {
    routes.add("GET volumes", VolumeRoutes::list);
    routes.add("POST volumes", VolumeRoutes::create);
    routes.add("GET volumes/*", VolumeRoutes::inspect);
    routes.add("DELETE volumes/*", VolumeRoutes::remove);
    routes.add("POST volumes/*:grow", VolumeRoutes::grow);
    routes.add("POST volumes/*:undo", VolumeRoutes::undo);
    routes.add("POST volumes/*:compact", VolumeRoutes::compact);
  }

  private static AdminAnswer list(Storage storage, AdminRequest request, String name) throws VolumeException {
    Optional<String> owner = request.parameter("owner");
    Optional<Owner> only = owner.isEmpty() ? Optional.empty() : Optional.of(Words.read("list volumes", owner.get(), Owner::new));
    Caller caller = Callers.of("list volumes", request);
    JsonArrayBuilder volumes = Json.PROVIDER.createArrayBuilder();
    for (Volume volume : storage.volumes().list(only)) {
      try {
        volumes.add(Json.volume(storage.volumes().status(caller, new VolumeRef.ById(volume.id()))));
      } catch (NotFound deletedMeanwhile) {
        // It was there when the list was made, and a list without it is as true.
      }
    }
    return AdminAnswer.of(Json.only("volumes", volumes));
  }

  private static AdminAnswer inspect(Storage storage, AdminRequest request, String name) throws VolumeException {
    String action = "inspect volume " + shown(name);
    VolumeStatus status = storage.volumes().status(Callers.of(action, request), Words.read(action, name, VolumeRef::parse));
    return AdminAnswer.of(Json.only("volume", Json.volume(status)));
  }

  private static AdminAnswer create(Storage storage, AdminRequest request, String none) throws VolumeException {
    RequestBody body = RequestBody.of("create a volume", request);
    VolumeName name = body.need("name", VolumeName::new);
    Optional<Owner> asked = body.read("owner", Owner::new);
    String action = "create volume " + name;
    CreateVolume.Source source = source(action, body);
    Caller asking = Callers.of(action, request);
    Owner owner = asked.isPresent() ? asked.get() : inherited(storage, asking, source).orElse(asking.owner());
    CreateVolume create = new CreateVolume(owner, name, body.read("pool", PoolName::new),
        body.read("backend", BackendKind::parse), body.read("size", SizeRange::parse),
        body.read("access", Access::parse), body.read("filesystem", FilesystemType::parse), body.flag("preallocated"),
        source, List.of(), Map.of());
    body.finish();
    Caller caller = new Caller(asking.door(), owner, asking.patience(), asking.deadline());
    Volume volume = storage.volumes().create(caller, create);
    return status(storage, caller, volume);
  }

  private static CreateVolume.Source source(String action, RequestBody body) throws InvalidArgument {
    Optional<SnapshotRef> snapshot = body.read("from", SnapshotRef::parse);
    Optional<VolumeRef> volume = body.read("clone", VolumeRef::parse);
    if (snapshot.isPresent() && volume.isPresent()) {
      throw new InvalidArgument(action, "'from' and 'clone' are both given", "Give one of them");
    }
    if (snapshot.isPresent()) {
      return new CreateVolume.Source.OfSnapshot(snapshot.get());
    }
    return volume.isPresent() ? new CreateVolume.Source.OfVolume(volume.get()) : new CreateVolume.Source.None();
  }

  /** A copy belongs to whom its source belongs, so that a clone of dockerd's volume can be used by dockerd. */
  private static Optional<Owner> inherited(Storage storage, Caller caller, CreateVolume.Source source) throws VolumeException {
    return switch (source) {
      case CreateVolume.Source.None() -> Optional.empty();
      case CreateVolume.Source.OfSnapshot(SnapshotRef ref) -> storage.snapshots().find(caller, ref).map(Snapshot::owner);
      case CreateVolume.Source.OfVolume(VolumeRef ref) -> storage.volumes().find(caller, ref).map(Volume::owner);
    };
  }

  private static AdminAnswer remove(Storage storage, AdminRequest request, String name) throws VolumeException {
    String action = "delete volume " + shown(name);
    Caller caller = Callers.of(action, request);
    VolumeRef ref = Words.read(action, name, VolumeRef::parse);
    Optional<Volume> volume = storage.volumes().find(caller, ref);
    if (volume.isEmpty()) {
      throw new NotFound(action, "there is no such volume", "'moorage volume ls' lists those that there are");
    }
    storage.volumes().remove(caller, new VolumeRef.ById(volume.get().id()));
    PoolStatus pool = pool(storage, volume.get().pool());
    JsonObjectBuilder json = Json.object()
        .add("volume", Json.volume(volume.get(), pool.settings().name()))
        .add("undoSeconds", pool.settings().trashRetention().toSeconds());
    return AdminAnswer.of(json.build());
  }

  private static AdminAnswer grow(Storage storage, AdminRequest request, String name) throws VolumeException {
    String action = "grow volume " + shown(name);
    RequestBody body = RequestBody.of(action, request);
    ByteSize size = body.need("size", ByteSize::parse);
    body.finish();
    Caller caller = Callers.of(action, request);
    return status(storage, caller, storage.volumes().grow(caller, Words.read(action, name, VolumeRef::parse), size));
  }

  private static AdminAnswer undo(Storage storage, AdminRequest request, String name) throws VolumeException {
    String action = "undo the deletion of volume " + shown(name);
    RequestBody body = RequestBody.of(action, request);
    Optional<VolumeName> as = body.read("as", VolumeName::new);
    body.finish();
    Caller caller = Callers.of(action, request);
    return status(storage, caller, storage.volumes().undo(caller, Words.read(action, name, VolumeRef::parse), as));
  }

  private static AdminAnswer compact(Storage storage, AdminRequest request, String name) throws VolumeException {
    String action = "compact volume " + shown(name);
    RequestBody.of(action, request).finish();
    Caller caller = Callers.of(action, request);
    VolumeRef ref = Words.read(action, name, VolumeRef::parse);
    return AdminAnswer.of(202, Json.only("job", Json.job(storage.volumes().compact(caller, ref))));
  }

  private static AdminAnswer status(Storage storage, Caller caller, Volume volume) throws VolumeException {
    VolumeStatus status = storage.volumes().status(caller, new VolumeRef.ById(volume.id()));
    return AdminAnswer.of(Json.only("volume", Json.volume(status)));
  }

  private static PoolStatus pool(Storage storage, PoolId id) throws VolumeException {
    for (PoolStatus pool : storage.pools().list()) {
      if (pool.id().equals(id)) {
        return pool;
      }
    }
    return storage.pools().status(Optional.empty());
  }

  private static String shown(String name) {
    return Words.shown(name, 128);
  }
}
