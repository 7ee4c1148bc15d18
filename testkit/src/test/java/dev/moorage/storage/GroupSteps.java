package dev.moorage.storage;

import static dev.moorage.storage.Host.DOCKER;
import static dev.moorage.storage.Host.ref;

import dev.moorage.testkit.history.Vault;
import dev.moorage.volume.Owner;
import dev.moorage.volume.SnapshotName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** One cut over two volumes in use, uploaded, for a process that is killed somewhere in it. */
final class GroupSteps {

  private static final List<String> NAMES = List.of("a", "b");

  private final Storage storage;

  GroupSteps(Storage storage) {
    this.storage = storage;
  }

  private List<CrashSteps.Step> steps() {
    return List.of(
        () -> create("a"),
        () -> create("b"),
        this::group);
  }

  private void create(String name) throws Exception {
    storage.volumes().create(DOCKER, Host.request(Owner.DOCKER, name));
    Files.writeString(storage.publications().mount(DOCKER, ref(name), Host.container("w")).resolve("row"), "same");
  }

  private void group() throws Exception {
    for (String name : NAMES) {
      storage.publications().mount(DOCKER, ref(name), Host.container("w"));
    }
    for (Uploads.Begun each : storage.uploads().createGroup(DOCKER, NAMES.stream().map(Host::ref).toList(), new SnapshotName("cut"),
        Destination.to(Vault.NAME))) {
      Job ended = storage.jobs().await(each.job().id(), Host.LONG).orElse(each.job());
      if (ended.state() != Job.State.DONE) {
        throw new AssertionError("the upload ended as " + ended);
      }
    }
  }

  /** Lets everything go that the steps mounted. */
  void letGo() throws Exception {
    for (String name : NAMES) {
      while (storage.volumes().status(DOCKER, ref(name)).consumers() > 0) {
        storage.publications().unmount(DOCKER, ref(name), Host.container("w"));
      }
    }
  }

  void run(int from, CrashSteps.Step done) throws Exception {
    CrashSteps.run(steps(), from, done);
  }

  /** The process that is killed: runs all steps and writes a line to the diary after each. */
  public static void main(String[] arguments) throws Exception {
    Path diary = Path.of(arguments[1]);
    try (Storage storage = UploadSteps.open(Path.of(arguments[0]))) {
      new GroupSteps(storage).run(0, () -> Files.writeString(diary, "done\n", StandardOpenOption.APPEND));
    }
  }
}
