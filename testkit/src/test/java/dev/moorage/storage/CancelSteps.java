package dev.moorage.storage;

import static dev.moorage.storage.Host.DOCKER;
import static dev.moorage.storage.Host.ref;

import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.file.FileStores;
import dev.moorage.telemetry.Telemetry;
import dev.moorage.testkit.Until;
import dev.moorage.volume.Owner;
import dev.moorage.volume.SnapshotName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** An upload that waits for a store and is cancelled, for a process that is killed somewhere in that. */
final class CancelSteps {

  private CancelSteps() {}

  static SharedStore shared(Path directory) throws Exception {
    return SharedStore.at(store(directory));
  }

  static ObjectStore store(Path directory) throws Exception {
    return FileStores.open(Files.createDirectories(directory.resolve("vault")));
  }

  static Storage open(Path directory, Link.State state) throws Exception {
    RepositorySource source = shared(directory).source(store -> {
      Link link = new Link(store);
      link.set(state);
      return link;
    });
    return Storage.open(new StorageSettings(List.of(UploadSteps.pool(directory)), directory.resolve("run"), "host"), new Telemetry(), source);
  }

  /** The process that is killed. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    try (Storage storage = open(directory, Link.State.NO_PACKS)) {
      storage.volumes().create(DOCKER, Host.request(Owner.DOCKER, "db"));
      Files.writeString(storage.publications().mount(DOCKER, ref("db"), Host.container("w")).resolve("row"), "one");
      storage.publications().unmount(DOCKER, ref("db"), Host.container("w"));
      Job job = storage.uploads().create(DOCKER, ref("db"), Optional.of(new SnapshotName("first")), SharedStore.NAME).job();
      Until.demand("the upload waits", Host.LONG, () -> storage.jobs().find(job.id()).orElseThrow().state() == Job.State.WAITING);
      Job ended = storage.jobs().cancel(Host.ADMIN, job.id());
      throw new AssertionError("not killed, and it ended as " + ended);
    }
  }
}
