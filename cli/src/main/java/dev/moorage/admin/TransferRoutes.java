package dev.moorage.admin;

import dev.moorage.storage.Caller;
import dev.moorage.storage.SnapshotRef;
import dev.moorage.storage.Storage;
import dev.moorage.storage.VolumeRef;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import java.util.function.Function;

/** Routes about what moves between this host and repositories. */
final class TransferRoutes {

  private TransferRoutes() {}

  static void addTo(Routes routes) {
    routes.add("POST volumes/*:restore", TransferRoutes::restore);
    routes.add("GET repositories/*:transfers", TransferRoutes::transfers);
    routes.add("POST snapshots/*:forget", TransferRoutes::forget);
    routes.add("POST repositories/*:take-over", TransferRoutes::takeOver);
  }

  private static AdminAnswer restore(Storage storage, AdminRequest request, String name) throws VolumeException {
    String action = "restore volume " + Words.shown(name, 128);
    RequestBody.of(action, request).finish();
    VolumeRef ref = Words.read(action, name, VolumeRef::parse);
    return AdminAnswer.of(202, Json.only("job", Json.job(storage.restores().begin(Callers.of(action, request), ref))));
  }

  private static AdminAnswer transfers(Storage storage, AdminRequest request, String name) throws VolumeException {
    return AdminAnswer.of(Json.only("transfers", Json.transfers(storage.uploads().status(name))));
  }

  private static AdminAnswer forget(Storage storage, AdminRequest request, String name) throws VolumeException {
    String action = "forget remote snapshot " + Words.shown(name, 256);
    RequestBody.of(action, request).finish();
    storage.uploads().forget(Callers.of(action, request), Words.read(action, name, SnapshotRef::parse));
    return AdminAnswer.of(Json.object().build());
  }

  private static AdminAnswer takeOver(Storage storage, AdminRequest request, String name) throws VolumeException {
    String action = "take over a volume in repository " + Words.shown(name, 128);
    RequestBody body = RequestBody.of(action, request);
    String volume = body.need("volume", Function.identity());
    body.finish();
    Caller caller = Callers.of(action, request);
    Volume taken;
    try {
      taken = storage.uploads().takeOver(caller, name, volume);
    } catch (IllegalArgumentException e) {
      throw new VolumeException.InvalidArgument(action, String.valueOf(e.getMessage()), "Write HOST/OWNER/VOLUME", e);
    }
    return AdminAnswer.of(Json.only("volume", Json.volume(storage.volumes().status(caller, new VolumeRef.ById(taken.id())))));
  }
}
