package dev.moorage.storage;

import static dev.moorage.storage.Host.DOCKER;
import static dev.moorage.storage.Host.ref;

import dev.moorage.storage.SnapshotMounts.Answer;
import dev.moorage.testkit.history.Vault;
import dev.moorage.volume.Owner;
import dev.moorage.volume.SnapshotName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/** An upload, a mount of what was uploaded, and files taken out of it, for a process that is killed somewhere in them. */
final class LookSteps {

  static final SnapshotRef REMOTE = SnapshotRef.parse("vault:host/db@first");

  private final Path directory;
  private final Storage storage;

  LookSteps(Path directory, Storage storage) {
    this.directory = directory;
    this.storage = storage;
  }

  private List<CrashSteps.Step> steps() {
    return List.of(
        () -> storage.volumes().create(DOCKER, Host.request(Owner.DOCKER, "db")),
        this::write,
        this::upload,
        this::mount,
        () -> storage.mounts().unmount(DOCKER, REMOTE),
        () -> take(REMOTE, "remote"),
        () -> take(SnapshotRef.parse("db@first"), "local"));
  }

  private void write() throws Exception {
    Path root = storage.publications().mount(DOCKER, ref("db"), Host.container("w"));
    Files.createDirectories(root.resolve("etc"));
    Files.writeString(root.resolve("etc/row"), "one");
    while (storage.volumes().status(DOCKER, ref("db")).consumers() > 0) {
      storage.publications().unmount(DOCKER, ref("db"), Host.container("w"));
    }
  }

  private void upload() throws Exception {
    CrashSteps.await(storage, storage.uploads().create(DOCKER, ref("db"), Optional.of(new SnapshotName("first")), Vault.NAME).job());
  }

  private void mount() throws Exception {
    Answer answer = storage.mounts().mount(DOCKER, REMOTE, Optional.empty());
    if (answer instanceof Answer.Fetching(var _, var job)) {
      CrashSteps.await(storage, job);
      answer = storage.mounts().mount(DOCKER, REMOTE, Optional.empty());
    }
    demand(((Answer.Mounted) answer).path().resolve("etc/row"));
  }

  private void take(SnapshotRef ref, String name) throws Exception {
    Path target = directory.resolve(name);
    if (!Files.exists(target)) {
      CrashSteps.await(storage, storage.files().begin(DOCKER, ref, "/etc", target));
    }
    demand(target.resolve("row"));
  }

  private static void demand(Path row) throws IOException {
    if (!Files.readString(row).equals("one")) {
      throw new AssertionError(row + " is not whole");
    }
  }

  void run(int from, CrashSteps.Step done) throws Exception {
    CrashSteps.run(steps(), from, done);
  }

  /** The process that is killed: runs all steps and writes a line to the diary after each. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    Path diary = Path.of(arguments[1]);
    try (Storage storage = UploadSteps.open(directory)) {
      new LookSteps(directory, storage).run(0, () -> Files.writeString(diary, "done\n", StandardOpenOption.APPEND));
    }
  }
}
