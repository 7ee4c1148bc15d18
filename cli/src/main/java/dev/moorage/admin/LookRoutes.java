package dev.moorage.admin;

import dev.moorage.storage.Job;
import dev.moorage.storage.SnapshotMounts;
import dev.moorage.storage.SnapshotMounts.Answer;
import dev.moorage.storage.SnapshotRef;
import dev.moorage.storage.Storage;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.VolumeException;
import jakarta.json.JsonObjectBuilder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** Routes by which people look into snapshots, local and remote ones. */
final class LookRoutes {

  private LookRoutes() {}

  static void addTo(Routes routes) {
    routes.add("GET snapshots:fetched", LookRoutes::fetched);
    routes.add("POST snapshots/*:mount", LookRoutes::mount);
    routes.add("POST snapshots/*:unmount", LookRoutes::unmount);
    routes.add("POST snapshots/*:copy", LookRoutes::copy);
  }

  private static AdminAnswer fetched(Storage storage, AdminRequest request, String none) throws VolumeException {
    return AdminAnswer.of(Json.only("snapshots", Json.array(storage.mounts().remote(), LookRoutes::remote)));
  }

  private static JsonObjectBuilder remote(SnapshotMounts.Remote remote) {
    JsonObjectBuilder json = Json.object().add("id", remote.snapshot().toString()).add("name", remote.text());
    remote.path().ifPresentOrElse(path -> json.add("path", path.toString()), () -> json.addNull("path"));
    remote.job().ifPresentOrElse(job -> json.add("job", Json.job(job)), () -> json.addNull("job"));
    return json;
  }

  private static AdminAnswer mount(Storage storage, AdminRequest request, String name) throws VolumeException {
    String action = "mount snapshot " + Words.shown(name, 256);
    RequestBody body = RequestBody.of(action, request);
    Optional<Path> target = body.read("target", Words::absolute);
    Optional<PoolName> pool = body.read("pool", PoolName::new);
    body.finish();
    return switch (storage.mounts().mount(Callers.of(action, request), ref(action, name), target, pool)) {
      case Answer.Mounted(Path path) -> AdminAnswer.of(Json.object().add("path", path.toString()).build());
      case Answer.Fetching(var snapshot, Job job) ->
          AdminAnswer.of(202, Json.object().add("snapshot", snapshot.toString()).add("job", Json.job(job)).build());
    };
  }

  private static AdminAnswer unmount(Storage storage, AdminRequest request, String name) throws VolumeException {
    String action = "unmount snapshot " + Words.shown(name, 256);
    RequestBody.of(action, request).finish();
    storage.mounts().unmount(Callers.of(action, request), ref(action, name));
    return AdminAnswer.of(Json.object().build());
  }

  private static AdminAnswer copy(Storage storage, AdminRequest request, String name) throws VolumeException {
    String action = "copy files of snapshot " + Words.shown(name, 256);
    RequestBody body = RequestBody.of(action, request);
    String path = body.need("path", text -> Words.rooted(text).toString());
    Path target = body.need("target", Words::absolute);
    Optional<PoolName> pool = body.read("pool", PoolName::new);
    body.finish();
    Job job = storage.files().begin(Callers.of(action, request), ref(action, name), path, target, pool);
    return AdminAnswer.of(202, Json.only("job", Json.job(job)));
  }

  private static SnapshotRef ref(String action, String name) throws VolumeException {
    return Words.read(action, name, SnapshotRef::parse);
  }
}
