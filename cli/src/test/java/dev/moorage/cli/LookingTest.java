package dev.moorage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.serve.RunningService;
import dev.moorage.testkit.KernelState;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The commands that look into remote snapshots and take files out of them. */
@Tag("root")
final class LookingTest {

  @Test
  void remoteSnapshotsAreMountedListedUnmountedAndCopiedFrom() throws Exception {
    try (RunningService service = RunningService.withImages()) {
      Path here = service.directory();
      Path store = Files.createDirectory(here.resolve("store"));
      ok(service, "repository create backups file://" + store + " --block-size 16K --generate-key-file " + here.resolve("key"));
      ok(service, "volume create db --size 64M");
      ok(service, "snapshot create db@before --to backups --wait");
      assertThat(ok(service, "repository inspect backups")).contains(" read and ", " stored for uploads, ",
          "uploads       0 under way\n", "last upload");
      assertThat(ok(service, "snapshot ls --fetched")).startsWith("No remote snapshot is mounted here.");
      Path target = Files.createDirectory(here.resolve("mnt"));
      assertThat(ok(service, "snapshot mount backups:db@before " + target))
          .isEqualTo("snapshot backups:db@before is mounted at " + target + ". 'moorage snapshot unmount backups:db@before' ends that\n");
      assertThat(KernelState.mountsUnder(target)).hasSize(1);
      assertThat(ok(service, "snapshot ls --fetched -o name")).startsWith("backups:").endsWith("/local/db@before\n");
      assertThat(ok(service, "snapshot ls --fetched")).contains("MOUNTED AT", target.toString());
      assertThat(ok(service, "volume ls -o name")).isEqualTo("db\n");
      assertThat(ok(service, "snapshot unmount backups:db@before")).contains("is mounted nowhere any more");
      assertThat(KernelState.mountsUnder(target)).isEmpty();
      assertThat(ok(service, "snapshot cp backups:db@before:/ " + here.resolve("all"))).isEqualTo(
          "backups:db@before:/ is copied to " + here.resolve("all") + "\n");
      assertThat(ok(service, "snapshot cp db@before:/ " + target)).endsWith(" is copied to " + target + "\n");
      assertThat(target.resolve("db@before")).isEmptyDirectory();
      Path deep = Files.createDirectory(here.resolve("deep"));
      assertThat(ok(service, "snapshot cp db@before:/.. " + deep)).endsWith(" is copied to " + deep + "\n");
      assertThat(deep.resolve("db@before")).isEmptyDirectory();
      Typed twice = Typed.at(service, "snapshot cp db@before:/ " + here.resolve("all") + "/../mnt");
      assertThat(twice.code()).isEqualTo(ExitCode.EXISTS);
      assertThat(twice.err()).contains("there is a " + target.resolve("db@before") + " already");
      Typed absent = Typed.at(service, "snapshot cp db@before:/none " + here.resolve("none"));
      assertThat(absent.code()).isEqualTo(ExitCode.FAILED);
      assertThat(absent.out()).contains("db@before:/none is not copied: ", "there is no /none in it");
      Typed climbing = Typed.at(service, "snapshot cp db@before:/none/../x " + here.resolve("none"));
      assertThat(climbing.out()).as("what .. climbs from may be a link").contains("there is no /none in it");
      assertThat(Typed.at(service, "snapshot cp db@before /tmp").code()).isEqualTo(ExitCode.USAGE);
      assertThat(ok(service, "pool ls -o json")).contains("\"volumes\": 1,");
    }
  }

  private static String ok(RunningService service, String line) {
    Typed typed = Typed.at(service, line);
    assertThat(typed.code()).as(line + ": " + typed.err()).isZero();
    return typed.out();
  }
}
