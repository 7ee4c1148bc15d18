package dev.moorage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testkit.LeakCheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The commands for volumes as users type them, with the oldest and the newest engine. */
@Tag("engine")
@ExtendWith(LeakCheck.class)
final class VolumeCommandsTest {

  @ParameterizedTest
  @EnumSource(value = Engines.class, names = {"INSTALLED", "SID"})
  void volumesAreCreatedShownAndRemoved(Engines which) throws Exception {
    Host.with(which, host -> {
      host.createVolume("db");
      host.createVolume("db");
      host.docker("volume", "create", "-d", "moorage", "plain");
      assertThat(host.docker("volume", "ls", "-q").lines()).containsExactlyInAnyOrder("db", "plain");
      assertThat(host.docker("volume", "ls", "-q", "--filter", "driver=moorage").lines()).hasSize(2);
      host.demandLabelsAndOptionsOf("db");
      assertThat(host.inspect("db", "{{.Driver}} {{.Scope}} {{.Status.size}} {{.Status.backend}} {{.Status.filesystem}}"))
          .isEqualTo("moorage local 64M image ext4");
      assertThat(host.inspect("db", "{{.CreatedAt}}")).startsWith("20");
      assertThat(host.inspect("plain", "{{.Status.size}}")).isEqualTo("10G (default)");
      host.docker("volume", "rm", "db");
      assertThat(host.docker("volume", "ls", "-q")).isEqualTo("plain");
      assertThat(host.dockerRefuses("volume", "inspect", "db")).containsIgnoringCase("no such volume");
      host.createVolume("db");
    });
  }

  @ParameterizedTest
  @EnumSource(value = Engines.class, names = {"INSTALLED", "SID"})
  void theUserReadsWhatIsWrong(Engines which) throws Exception {
    Host.with(which, host -> {
      assertThat(host.dockerRefuses("volume", "create", "-d", "moorage", "-o", "sise=1G", "db"))
          .contains("there is no option 'sise'; did you mean size?", "backend (image, directory)");
      assertThat(host.dockerRefuses("volume", "create", "-d", "moorage", "-o", "size=lots", "db")).contains("'lots' is not a size");
      assertThat(host.dockerRefuses("volume", "create", "-d", "moorage", "-o", "from=db@before", "other")).contains("db@before");
      host.runIdle("user", "used");
      assertThat(host.dockerRefuses("volume", "rm", "used")).contains("volume is in use");
      assertThat(host.docker("volume", "ls", "-q")).isEqualTo("used");
    });
  }

  @ParameterizedTest
  @EnumSource(value = Engines.class, names = {"INSTALLED", "SID"})
  void theImagesFilesAreCopiedIntoAnEmptyVolumeAndTheSizeIsTheLimit(Engines which) throws Exception {
    Host.with(which, host -> {
      host.createVolume("db");
      assertThat(host.once("db", "ls -A /data")).isEqualTo("seed");
      assertThat(host.once("db", "stat -c %u /data/seed")).isEqualTo("1000");
      int mebibytes = Integer.parseInt(host.once("db", "df -m /data | awk 'END {print $2}'"));
      assertThat(mebibytes).isBetween(40, 64);
      host.once("db", "rm /data/seed; echo mine > /data/other");
      assertThat(host.once("db", "ls -A /data")).isEqualTo("other");
    });
  }

  @ParameterizedTest
  @EnumSource(value = Engines.class, names = {"INSTALLED", "SID"})
  void anonymousVolumesGoWithTheirContainers(Engines which) throws Exception {
    Host.with(which, host -> {
      host.docker("run", "--rm", "-v", "/data", "--volume-driver", "moorage", "busybox", "true");
      assertThat(host.docker("volume", "ls", "-q")).isEmpty();
      host.docker("run", "--name", "short", "-v", "/data", "--volume-driver", "moorage", "busybox", "true");
      String name = host.docker("volume", "ls", "-q");
      assertThat(name).matches("[0-9a-f]{64}");
      assertThat(host.inspect(name, "{{.Driver}}")).isEqualTo("moorage");
      host.docker("rm", "-v", "short");
      assertThat(host.docker("volume", "ls", "-q")).isEmpty();
    });
  }

  /** What Compose does: it names the volume with its options and labels at every start, and removes it when asked to. */
  @ParameterizedTest
  @EnumSource(value = Engines.class, names = {"INSTALLED", "SID"})
  void aProjectFindsItsVolumeAgainUntilItIsRemoved(Engines which) throws Exception {
    Host.with(which, host -> {
      for (String expected : new String[] {"", "kept"}) {
        up(host);
        assertThat(host.exec("app", "cat /data/row 2>/dev/null || true")).isEqualTo(expected);
        host.exec("app", "echo kept > /data/row");
        host.docker("rm", "-f", "app");
        assertThat(host.stages()).isEmpty();
      }
      host.docker("volume", "rm", "project_db");
      up(host);
      assertThat(host.exec("app", "ls -A /data")).isEqualTo("seed");
    });
  }

  private static void up(Host host) throws Exception {
    host.docker("volume", "create", "--driver", "moorage", "--opt", "size=64M", "--label", "com.docker.compose.project=project",
        "--label", "com.docker.compose.volume=db", "project_db");
    host.docker("run", "-d", "--name", "app", "--mount",
        "type=volume,src=project_db,dst=/data,volume-driver=moorage,volume-opt=size=64M", "busybox", "sleep", "100000");
  }

  @ParameterizedTest
  @EnumSource(value = Engines.class, names = {"INSTALLED", "SID"})
  void volumesBeginAsSnapshotsOrCopies(Engines which) throws Exception {
    Host.with(which, host -> {
      host.createVolume("db");
      host.runIdle("writer", "db");
      host.exec("writer", "echo first > /data/row");
      host.moorage.cli("snapshot", "create", "--owner", "docker", "db", "before");
      host.exec("writer", "echo second > /data/row");
      host.docker("volume", "create", "-d", "moorage", "-o", "from=db@before", "old");
      host.docker("volume", "create", "-d", "moorage", "-o", "clone=db", "copy");
      assertThat(host.once("old", "cat /data/row")).isEqualTo("first");
      assertThat(host.once("copy", "cat /data/row")).isEqualTo("second");
      assertThat(host.inspect("old", "{{.Status.createdFrom}} {{.Options.from}}")).isEqualTo("snapshot db@before db@before");
      assertThat(host.inspect("db", "{{range .Status.snapshots}}{{.name}}{{end}}")).isEqualTo("before");
      host.docker("rm", "-f", "writer");
      host.docker("volume", "rm", "db");
      host.docker("volume", "create", "-d", "moorage", "-o", "from=db@before", "db");
      assertThat(host.once("db", "cat /data/row")).isEqualTo("first");
    });
  }
}
