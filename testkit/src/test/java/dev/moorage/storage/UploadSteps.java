package dev.moorage.storage;

import static dev.moorage.storage.Host.DOCKER;
import static dev.moorage.storage.Host.ref;

import dev.moorage.pool.PoolSettings;
import dev.moorage.telemetry.Telemetry;
import dev.moorage.testkit.history.Vault;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.SnapshotName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Two uploads of one volume to a repository in a local directory, for a process that is killed somewhere in them. */
final class UploadSteps {

  private final Storage storage;

  UploadSteps(Storage storage) {
    this.storage = storage;
  }

  static Vault vault(Path directory) {
    return new Vault(directory.resolve("vault"));
  }

  static PoolSettings pool(Path directory) {
    PoolSettings pool = PoolSettings.at(new PoolName("fast"), directory.resolve("fast"));
    return new PoolSettings(pool.name(), pool.root(), pool.backends(), Optional.of(50.0), Host.SIZE, pool.trashRetention(), pool.file());
  }

  static Storage open(Path directory) throws Exception {
    return Storage.open(new StorageSettings(List.of(pool(directory)), directory.resolve("run"), "host"), new Telemetry(), vault(directory));
  }

  private List<CrashSteps.Step> steps() {
    return List.of(
        () -> storage.volumes().create(DOCKER, Host.request(Owner.DOCKER, "db")),
        () -> write("one"),
        () -> upload("first"),
        () -> write("two"),
        () -> upload("second"));
  }

  private void write(String text) throws Exception {
    Files.writeString(storage.publications().mount(DOCKER, ref("db"), Host.container("w")).resolve("row"), text);
    while (storage.volumes().status(DOCKER, ref("db")).consumers() > 0) {
      storage.publications().unmount(DOCKER, ref("db"), Host.container("w"));
    }
  }

  private void upload(String name) throws Exception {
    Job job = storage.uploads().create(DOCKER, ref("db"), Optional.of(new SnapshotName(name)), Vault.NAME).job();
    Job ended = storage.jobs().await(job.id(), Duration.ofSeconds(20)).orElse(job);
    if (ended.state() != Job.State.DONE) {
      throw new AssertionError("the upload ended as " + ended);
    }
  }

  int count() {
    return steps().size();
  }

  void run(int from, CrashSteps.Step done) throws Exception {
    CrashSteps.run(steps(), from, done);
  }

  /** The process that is killed: runs all steps and writes a line to the diary after each. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    Path diary = Path.of(arguments[1]);
    try (Storage storage = open(directory)) {
      new UploadSteps(storage).run(0, () -> Files.writeString(diary, "done\n", StandardOpenOption.APPEND));
    }
  }
}
