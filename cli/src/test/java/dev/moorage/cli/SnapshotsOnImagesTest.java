package dev.moorage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.serve.RunningService;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The commands that need loop devices and mounts, as a user would type them one after the other. */
@Tag("root")
final class SnapshotsOnImagesTest {

  @Test
  void snapshotsAreMadeMountedClonedRolledBackToDeletedAndBroughtBack() throws Exception {
    try (RunningService service = RunningService.withImages()) {
      ok(service, "volume create db --size 64M --owner docker");
      assertThat(ok(service, "snapshot create db before")).isEqualTo("snapshot docker/db@before is made\n");
      assertThat(ok(service, "snapshot create db@later")).isEqualTo("snapshot docker/db@later is made\n");
      assertThat(ok(service, "snapshot ls db -o name")).isEqualTo("docker/db@before\ndocker/db@later\n");
      assertThat(ok(service, "volume clone db@before copy")).isEqualTo("volume docker/copy has 64M in pool default (ext4)\n");
      assertThat(ok(service, "volume clone db mine --owner local")).startsWith("volume mine has 64M");
      assertThat(ok(service, "volume rollback db before"))
          .startsWith("volume db is as it was at db@before. What it held before is kept as docker/db@");
      mounts(service);
      assertThat(wrong(service, "volume clone db@before small --size 32M")).contains("the source has 64M and 32M were asked for");
      assertThat(wrong(service, "volume create small --size 5")).contains("the smallest ext4 volume has 16M").contains("5B were asked for")
          .hasLineCount(1);
      assertThat(ok(service, "snapshot rm db@before")).contains("'moorage snapshot undo docker/db@before' brings it back");
      assertThat(ok(service, "snapshot undo db@before")).isEqualTo("snapshot docker/db@before is back\n");
      assertThat(ok(service, "snapshot create --group both db copy")).hasLineCount(2);
      assertThat(ok(service, "volume create-group db@both --prefix re-")).contains("re-db has ").contains("re-copy has ").hasLineCount(2);
      assertThat(Typed.at(service, "volume create-group db@both").err()).contains(" already. Nothing was made");
      assertThat(ok(service, "volume grow db 96M")).isEqualTo("volume docker/db has 96M now\n");
      assertThat(ok(service, "volume compact db")).isEqualTo("volume db is compact\n");
      assertThat(ok(service, "job ls")).contains("compact");
      assertThat(Typed.at(service, "job cancel 0").code()).isEqualTo(ExitCode.NOT_FOUND);
      assertThat(wrong(service, "job cancel db@both")).contains("'moorage job ls' lists them");
      assertThat(ok(service, "job cancel " + ok(service, "job ls -o name").lines().findFirst().orElseThrow())).contains("was over already: done");
      assertThat(ok(service, "pool grow default 64M")).isEqualTo("pool default has grown by 64M\n");
      assertThat(ok(service, "volume create raw --access block --size 16M")).isEqualTo("volume raw has 16M in pool default (block)\n");
      assertThat(ok(service, "doctor --pool " + service.directory().resolve("pool"))).contains("lives in an XFS pool file");
    }
  }

  @Test
  void anUploadThatIsNotWantedIsCancelled() throws Exception {
    try (RunningService service = RunningService.withImages()) {
      Path store = Files.createDirectory(service.directory().resolve("store"));
      Path away = store.resolveSibling("away");
      ok(service, "repository create backups file://" + store + " --block-size 16K --generate-key-file " + service.directory().resolve("key"));
      ok(service, "volume create db --size 64M");
      Files.move(store, away);
      ok(service, "snapshot create db first --to backups");
      String id = ok(service, "job ls -o name").strip();
      assertThat(ok(service, "job cancel " + id)).startsWith("upload of snapshot local/db@first to backups is cancelled: ").hasLineCount(1);
      assertThat(ok(service, "job cancel " + id)).as("again").contains(" is cancelled: ");
      assertThat(ok(service, "job ls")).containsPattern("upload .* cancelled ");
      assertThat(ok(service, "snapshot ls")).contains("db@first").doesNotContain("failed");
      Files.move(away, store);
      assertThat(ok(service, "snapshot upload db@first --to backups --wait")).isEqualTo("snapshot db@first is in repository backups\n");
    }
  }

  private static void mounts(RunningService service) throws Exception {
    Path target = Files.createDirectory(service.directory().resolve("mnt"));
    assertThat(ok(service, "snapshot mount db@before " + target)).startsWith("snapshot db@before is mounted at " + target);
    assertThat(Typed.at(service, "snapshot rm db@before").code()).isEqualTo(ExitCode.BUSY);
    assertThat(ok(service, "snapshot unmount db@before")).isEqualTo("snapshot db@before is mounted nowhere any more\n");
    String path = ok(service, "snapshot mount db@before -o name").strip();
    assertThat(Path.of(path)).isDirectory();
    ok(service, "snapshot unmount db@before");
  }

  private static String wrong(RunningService service, String line) {
    Typed typed = Typed.at(service, line);
    assertThat(typed.code()).as(line + ": " + typed.out()).isEqualTo(ExitCode.USAGE);
    return typed.err();
  }

  private static String ok(RunningService service, String line) {
    Typed typed = Typed.at(service, line);
    assertThat(typed.code()).as(line + ": " + typed.err()).isZero();
    return typed.out();
  }
}
