package dev.moorage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.Until;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The engine, the service, or both end and come back, in every order, while containers use volumes. */
@Tag("engine")
@ExtendWith(LeakCheck.class)
final class RestartTest {

  /** Longer than Moorage leaves between two sweeps. */
  private static final Duration SWEPT = Duration.ofSeconds(100);
  private static final String WRITE_FOR_EVER = "while :; do date +%s.%N >> /data/log; sync; sleep 0.1; done";

  @ParameterizedTest
  @EnumSource(value = Engines.class, names = {"INSTALLED", "SID"})
  void copyingIntoARunningContainerDoesNotUnmountUnderIt(Engines which) throws Exception {
    Host.with(which, host -> {
      host.createVolume("db");
      host.runIdle("app", "db");
      Path file = Files.writeString(host.engine.directory().resolve("row"), "copied");
      for (int i = 0; i < 3; i++) {
        host.docker("cp", file.toString(), "app:/data/row" + i);
        assertThat(host.exec("app", "cat /data/row" + i)).isEqualTo("copied");
        assertThat(host.stages()).hasSize(1);
      }
      host.docker("stop", "-t", "1", "app");
      assertThat(host.stages()).isEmpty();
      host.docker("start", "app");
      assertThat(host.exec("app", "ls /data").lines()).contains("row0", "row1", "row2");
    });
  }

  @ParameterizedTest
  @EnumSource(value = Engines.class, names = {"INSTALLED", "SID"})
  void containersThatRestartComeBackAfterTheEngineIsKilled(Engines which) throws Exception {
    Host.with(which, host -> {
      host.createVolume("db");
      host.docker("run", "-d", "--name", "always", "--restart=always", "-v", "db:/data", "busybox", "sh", "-c", WRITE_FOR_EVER);
      host.runIdle("once", "db");
      for (int i = 0; i < 2; i++) {
        host.engine.dockerd().kill();
        host.engine.restartDockerd();
        Until.demand("the container runs again", Host.PATIENCE,
            () -> host.docker("inspect", "--format", "{{.State.Running}}", "always").equals("true"));
        long before = lines(host);
        Until.demand("it writes", Host.PATIENCE, () -> lines(host) > before);
        host.demandLabelsAndOptionsOf("db");
      }
      host.docker("rm", "-f", "once");
      host.docker("stop", "-t", "1", "always");
      Until.demand("nothing holds the volume", Host.PATIENCE, () -> host.stages().isEmpty());
    });
  }

  private static long lines(Host host) throws java.io.IOException {
    return Long.parseLong(host.exec("always", "wc -l < /data/log"));
  }

  @ParameterizedTest
  @EnumSource(Engines.class)
  void afterLiveRestoreCopyingDoesNotUnmountUnderTheContainerAndStoppingReleases(Engines which) throws Exception {
    Host.with(which, true, host -> {
      host.createVolume("db");
      host.runIdle("app", "db");
      Path file = Files.writeString(host.engine.directory().resolve("row"), "copied");
      for (boolean killed : new boolean[] {false, true}) {
        if (killed) {
          host.engine.dockerd().kill();
        } else {
          assertThat(host.engine.dockerd().stop()).isZero();
        }
        host.engine.restartDockerd();
        host.docker("cp", file.toString(), "app:/data/row");
        host.exec("app", "test \"$(cat /data/row)\" = copied && rm /data/row && sync");
        assertThat(host.stages()).hasSize(1);
        host.demandLabelsAndOptionsOf("db");
      }
      host.docker("stop", "-t", "1", "app");
      demandReleasedAfterCopy(which, host);
      host.docker("start", "app");
      host.docker("restart", "-t", "1", "app");
      host.exec("app", "echo again > /data/row && sync");
      assertThat(host.stages()).hasSize(1);
      host.docker("stop", "-t", "1", "app");
      assertThat(host.stages()).isEmpty();
    });
  }

  /**
   * After a live restore and a copy, 20.10 has forgotten the mount's id, and sends no Unmount when the container stops: the volume
   * stays staged, ready for the next container, until the engine starts anew and Moorage's sweep of every minute has come by.
   */
  private static void demandReleasedAfterCopy(Engines which, Host host) throws Exception {
    if (which == Engines.INSTALLED) {
      assertThat(host.stages()).hasSize(1);
      assertThat(host.engine.dockerd().stop()).isZero();
      host.engine.restartDockerd();
      Until.demand("the sweep releases the volume", SWEPT, () -> host.stages().isEmpty());
    }
    assertThat(host.stages()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Engines.class)
  void afterLiveRestoreARestartedContainerKeepsItsVolumeAndStoppingReleases(Engines which) throws Exception {
    Host.with(which, true, host -> {
      host.createVolume("db");
      host.runIdle("app", "db");
      host.exec("app", "echo kept > /data/row");
      host.engine.dockerd().kill();
      host.engine.restartDockerd();
      host.docker("restart", "-t", "1", "app");
      assertThat(host.exec("app", "cat /data/row")).isEqualTo("kept");
      assertThat(host.stages()).hasSize(1);
      host.docker("stop", "-t", "1", "app");
      assertThat(host.stages()).isEmpty();
    });
  }

  @ParameterizedTest
  @EnumSource(value = Engines.class, names = {"INSTALLED", "SID"})
  void aContainerGoesOnWhileTheServiceIsKilledAndASecondOneSharesItsVolumeAfterwards(Engines which) throws Exception {
    Host.with(which, host -> {
      host.createVolume("db");
      host.runIdle("first", "db");
      host.moorage.serve().kill();
      assertThat(host.engine.namespace().inside(Moorage.DOCKER_SOCKET)).exists();
      host.exec("first", "echo while-away > /data/row");
      host.moorage.restart();
      host.demandLabelsAndOptionsOf("db");
      host.runIdle("second", "db");
      assertThat(host.exec("second", "cat /data/row && echo shared > /data/row")).isEqualTo("while-away");
      assertThat(host.exec("first", "cat /data/row")).isEqualTo("shared");
      assertThat(host.stages()).hasSize(1);
      host.docker("rm", "-f", "first");
      assertThat(host.stages()).hasSize(1);
      host.moorage.serve().kill();
      host.moorage.restart();
      host.docker("stop", "-t", "1", "second");
      assertThat(host.stages()).isEmpty();
    });
  }

  @ParameterizedTest
  @EnumSource(value = Engines.class, names = {"INSTALLED", "SID"})
  void whileTheServiceIsAwayNothingIsForgotten(Engines which) throws Exception {
    Host.with(which, host -> {
      host.createVolume("db");
      host.once("db", "echo kept > /data/row");
      // Killed, its socket refuses; stopped, it is gone: two different errors inside the engine.
      for (boolean killed : new boolean[] {true, false}) {
        if (killed) {
          host.moorage.serve().kill();
        } else {
          assertThat(host.moorage.serve().stop()).isZero();
          assertThat(host.engine.namespace().inside(Moorage.DOCKER_SOCKET)).doesNotExist();
        }
        assertThat(host.dockerRefuses("run", "--rm", "-v", "db:/data", "busybox", "true")).contains("moorage");
        host.dockerRefuses("volume", "inspect", "db");
        host.moorage.restart();
        host.demandLabelsAndOptionsOf("db");
        assertThat(host.once("db", "cat /data/row")).isEqualTo("kept");
      }
    });
  }

  @ParameterizedTest
  @EnumSource(value = Engines.class, names = {"INSTALLED", "SID"})
  void anEngineThatStartsBeforeTheServiceForgetsNothing(Engines which) throws Exception {
    Host.with(which, host -> {
      host.createVolume("db");
      assertThat(host.moorage.serve().stop()).isZero();
      assertThat(host.engine.dockerd().stop()).isZero();
      host.engine.restartDockerd();
      host.moorage.restart();
      host.demandLabelsAndOptionsOf("db");
      assertThat(host.engine.dockerd().stop()).isZero();
      host.engine.restartDockerd();
      host.demandLabelsAndOptionsOf("db");
    });
  }
}
