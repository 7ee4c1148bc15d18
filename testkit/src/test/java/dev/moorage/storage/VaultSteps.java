package dev.moorage.storage;

import static dev.moorage.storage.Host.DOCKER;
import static dev.moorage.storage.Host.ref;

import dev.moorage.repository.gc.CollectionProgress;
import dev.moorage.repository.gc.CollectionSettings;
import dev.moorage.testkit.history.Vault;
import dev.moorage.volume.Owner;
import dev.moorage.volume.SnapshotName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** All that a host does with a repository: uploads, forgets, collects, restores; for a process that is killed somewhere in it. */
final class VaultSteps {

  private final Path directory;
  private final Storage storage;

  VaultSteps(Path directory, Storage storage) {
    this.directory = directory;
    this.storage = storage;
  }

  private List<CrashSteps.Step> steps() {
    return List.of(
        () -> storage.volumes().create(DOCKER, Host.request(Owner.DOCKER, "db")),
        () -> write("one"),
        () -> upload("first"),
        () -> write("two"),
        () -> upload("second"),
        this::forget,
        () -> collect(directory),
        () -> collect(directory),
        this::restore,
        () -> write("three"),
        () -> upload("third"));
  }

  private void write(String text) throws Exception {
    Files.writeString(storage.publications().mount(DOCKER, ref("db"), Host.container("w")).resolve("row"), text);
    while (storage.volumes().status(DOCKER, ref("db")).consumers() > 0) {
      storage.publications().unmount(DOCKER, ref("db"), Host.container("w"));
    }
  }

  private void upload(String name) throws Exception {
    CrashSteps.await(storage, storage.uploads().create(DOCKER, ref("db"), Optional.of(new SnapshotName(name)), Vault.NAME).job());
  }

  /** Killed after it was done, it is asked for again, and finds nothing any more. */
  private void forget() throws Exception {
    boolean there = UploadSteps.vault(directory).repository().snapshots().stream().anyMatch(each -> each.label().equals("db@first"));
    if (there) {
      storage.uploads().forget(DOCKER, SnapshotRef.parse("vault:host/db@first"));
    }
  }

  static void collect(Path directory) throws Exception {
    try (Vault vault = UploadSteps.vault(directory)) {
      vault.repository().collect(new CollectionSettings("test", Duration.ofDays(7), Duration.ZERO, 1), CollectionProgress.NONE);
    }
  }

  private void restore() throws Exception {
    storage.volumes().create(DOCKER, Host.from("back", new CreateVolume.Source.OfSnapshot(SnapshotRef.parse("vault:host/db@second"))));
    CrashSteps.await(storage, storage.restores().begin(DOCKER, ref("back")));
  }

  void run(int from, CrashSteps.Step done) throws Exception {
    CrashSteps.run(steps(), from, done);
  }

  /** The process that is killed: runs all steps and writes a line to the diary after each. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    Path diary = Path.of(arguments[1]);
    try (Storage storage = UploadSteps.open(directory)) {
      new VaultSteps(directory, storage).run(0, () -> Files.writeString(diary, "done\n", StandardOpenOption.APPEND));
    }
  }
}
