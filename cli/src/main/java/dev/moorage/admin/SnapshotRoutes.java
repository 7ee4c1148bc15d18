package dev.moorage.admin;

import dev.moorage.storage.Caller;
import dev.moorage.storage.CreateGroup;
import dev.moorage.storage.Destination;
import dev.moorage.storage.Job;
import dev.moorage.storage.SnapshotRef;
import dev.moorage.storage.Storage;
import dev.moorage.storage.TransferStatus;
import dev.moorage.storage.Uploads;
import dev.moorage.storage.VolumeRef;
import dev.moorage.volume.DedupScope;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.NotFound;
import dev.moorage.volume.VolumeException;
import jakarta.json.JsonArrayBuilder;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Routes below {@code /v1/snapshots}. */
final class SnapshotRoutes {

  private SnapshotRoutes() {}

  static void addTo(Routes routes) {
    routes.add("GET snapshots", SnapshotRoutes::list);
    routes.add("POST snapshots", SnapshotRoutes::create);
    routes.add("GET snapshots/*", SnapshotRoutes::inspect);
    routes.add("DELETE snapshots/*", SnapshotRoutes::remove);
    routes.add("POST snapshots/*:undo", SnapshotRoutes::undo);
    routes.add("POST snapshots/*:rollback", SnapshotRoutes::rollback);
    routes.add("POST snapshots/*:upload", SnapshotRoutes::upload);
    routes.add("POST snapshots/*:create-group", SnapshotRoutes::createGroup);
  }

  private static AdminAnswer list(Storage storage, AdminRequest request, String name) throws VolumeException {
    String action = "list snapshots";
    Optional<String> volume = request.parameter("volume");
    Optional<VolumeRef> only = volume.isEmpty() ? Optional.empty() : Optional.of(Words.read(action, volume.get(), VolumeRef::parse));
    Caller caller = Callers.of(action, request);
    List<Snapshot> snapshots = storage.snapshots().list(caller, only);
    if (only.isPresent() && snapshots.isEmpty() && storage.volumes().find(caller, only.get()).isEmpty()) {
      throw new NotFound(action, "there is no volume " + only.get() + ", and no snapshot of one that had this name",
          "'moorage snapshot ls' lists all that there are");
    }
    List<TransferStatus.Upload> waiting = storage.uploads().waiting();
    return AdminAnswer.of(Json.only("snapshots", Json.array(snapshots, each -> Json.snapshot(each, waiting))));
  }

  private static AdminAnswer create(Storage storage, AdminRequest request, String none) throws VolumeException {
    String action = "create a snapshot";
    RequestBody body = RequestBody.of(action, request);
    List<VolumeRef> volumes = body.readAll("volumes", VolumeRef::parse);
    Optional<SnapshotName> name = body.read("name", SnapshotName::new);
    Optional<Destination> to = destination(action, body);
    body.finish();
    Caller caller = Callers.of(action, request);
    if (volumes.isEmpty()) {
      throw new InvalidArgument(action, "no volume is named", "Name one in the field 'volumes', or several for one cut over all of them");
    }
    if (to.isPresent()) {
      return createRemote(storage, caller, action, volumes, name, to.get());
    }
    if (volumes.size() == 1) {
      return answer(List.of(storage.snapshots().create(caller, volumes.getFirst(), name)));
    }
    return answer(storage.snapshots().createGroup(caller, volumes, named(action, name)));
  }

  private static Optional<Destination> destination(String action, RequestBody body) throws InvalidArgument {
    Optional<String> repository = body.read("to", Function.identity());
    Optional<DedupScope> dedup = body.read("dedup", DedupScope::parse);
    if (dedup.isPresent() && repository.isEmpty()) {
      throw new InvalidArgument(action, "'dedup' is given and no repository", "Name the repository in the field 'to'");
    }
    return repository.map(each -> new Destination(each, dedup));
  }

  private static SnapshotName named(String action, Optional<SnapshotName> name) throws InvalidArgument {
    return name.orElseThrow(() -> new InvalidArgument(action, "a cut over several volumes needs a name", "Name the snapshot"));
  }

  private static AdminAnswer createRemote(Storage storage, Caller caller, String action, List<VolumeRef> volumes,
      Optional<SnapshotName> name, Destination to) throws VolumeException {
    List<Uploads.Begun> begun = volumes.size() == 1
        ? List.of(storage.uploads().create(caller, volumes.getFirst(), name, to))
        : storage.uploads().createGroup(caller, volumes, named(action, name), to);
    return AdminAnswer.of(202, Json.object()
        .add("snapshots", Json.array(begun, each -> Json.snapshot(each.snapshot())))
        .add("job", Json.job(begun.getFirst().job()))
        .add("jobs", Json.array(begun, each -> Json.job(each.job()))).build());
  }

  private static AdminAnswer upload(Storage storage, AdminRequest request, String name) throws VolumeException {
    String action = "upload snapshot " + shown(name);
    RequestBody body = RequestBody.of(action, request);
    Destination to = new Destination(body.need("to", Function.identity()), body.read("dedup", DedupScope::parse));
    body.finish();
    Job job = storage.uploads().begin(Callers.of(action, request), ref(action, name), to);
    return AdminAnswer.of(202, Json.only("job", Json.job(job)));
  }

  private static AdminAnswer answer(List<Snapshot> snapshots) {
    return AdminAnswer.of(Json.only("snapshots", Json.array(snapshots, Json::snapshot)));
  }

  private static AdminAnswer inspect(Storage storage, AdminRequest request, String name) throws VolumeException {
    String action = "inspect snapshot " + shown(name);
    return AdminAnswer.of(Json.only("snapshot", Json.snapshot(find(storage, action, request, name), storage.uploads().waiting())));
  }

  private static AdminAnswer remove(Storage storage, AdminRequest request, String name) throws VolumeException {
    String action = "delete snapshot " + shown(name);
    Snapshot snapshot = find(storage, action, request, name);
    storage.snapshots().remove(Callers.of(action, request), new SnapshotRef.ById(snapshot.id()));
    return AdminAnswer.of(Json.only("snapshot", Json.snapshot(snapshot)));
  }

  private static AdminAnswer undo(Storage storage, AdminRequest request, String name) throws VolumeException {
    String action = "undo the deletion of snapshot " + shown(name);
    RequestBody.of(action, request).finish();
    Snapshot snapshot = storage.snapshots().undo(Callers.of(action, request), ref(action, name));
    return AdminAnswer.of(Json.only("snapshot", Json.snapshot(snapshot)));
  }

  private static AdminAnswer rollback(Storage storage, AdminRequest request, String name) throws VolumeException {
    String action = "roll back to snapshot " + shown(name);
    RequestBody.of(action, request).finish();
    Snapshot safety = storage.volumes().rollback(Callers.of(action, request), ref(action, name));
    return AdminAnswer.of(Json.only("safetySnapshot", Json.snapshot(safety)));
  }

  /** A volume of each member of the group that the snapshot is of. */
  private static AdminAnswer createGroup(Storage storage, AdminRequest request, String name) throws VolumeException {
    String action = "make volumes of the group of snapshot " + shown(name);
    RequestBody body = RequestBody.of(action, request);
    CreateGroup create = new CreateGroup(ref(action, name), body.read("owner", Owner::new), body.read("prefix", Function.identity()).orElse(""),
        body.read("pool", PoolName::new));
    body.finish();
    Caller caller = Callers.of(action, request);
    JsonArrayBuilder volumes = Json.PROVIDER.createArrayBuilder();
    for (Volume volume : storage.volumes().createGroup(caller, create)) {
      volumes.add(Json.volume(storage.volumes().status(caller, new VolumeRef.ById(volume.id()))));
    }
    return AdminAnswer.of(Json.only("volumes", volumes));
  }

  private static Snapshot find(Storage storage, String action, AdminRequest request, String name) throws VolumeException {
    Optional<Snapshot> snapshot = storage.snapshots().find(Callers.of(action, request), ref(action, name));
    if (snapshot.isEmpty()) {
      throw new NotFound(action, "there is no such snapshot", "'moorage snapshot ls' lists those that there are");
    }
    return snapshot.get();
  }

  private static SnapshotRef ref(String action, String name) throws InvalidArgument {
    return Words.read(action, name, SnapshotRef::parse);
  }

  private static String shown(String name) {
    return Words.shown(name, 128);
  }
}
