package dev.moorage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testkit.LeakCheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What Docker Compose itself does with volumes: how it names, finds, carries over and removes them. */
@Tag("engine")
@ExtendWith(LeakCheck.class)
final class ComposeTest {

  private static final String CONTAINER = "shop-app-1";
  private static final String VOLUME = "shop_db";

  /** A project of one service with one volume; what Compose compares with what it finds is filled in. */
  private static String project(String greeting, String volume) {
    return """
        name: shop
        services:
          app:
            image: busybox
            pull_policy: never
            command: sleep 100000
            network_mode: none
            stop_grace_period: 1s
            environment: {GREETING: "%s"}
            volumes: ["db:/data"]
        volumes:
          db: %s
        """.formatted(greeting, volume);
  }

  private static String ofSize(String size) {
    return "{driver: moorage, driver_opts: {size: \"" + size + "\"}}";
  }

  @ParameterizedTest
  @EnumSource(Engines.class)
  void aProjectFindsItsVolumeAgainWithItsData(Engines which) throws Exception {
    Host.with(which, host -> {
      Compose compose = Compose.project(host.engine, which);
      compose.file(project("ahoy", ofSize("1G")));
      compose.run("up", "--detach");
      assertThat(host.inspect(VOLUME, "{{.Driver}} {{.Options.size}} {{.Status.size}} {{index .Labels \"com.docker.compose.volume\"}}"))
          .isEqualTo("moorage 1G 1G db");
      host.exec(CONTAINER, "echo kept > /data/row");
      compose.run("down");
      assertThat(host.docker("ps", "-aq")).isEmpty();
      assertThat(host.stages()).isEmpty();
      String id = idOf(host, VOLUME);

      compose.run("up", "--detach");
      assertThat(host.exec(CONTAINER, "cat /data/row")).isEqualTo("kept");
      assertThat(idOf(host, VOLUME)).isEqualTo(id);
      assertThat(host.docker("volume", "ls", "-q")).isEqualTo(VOLUME);
    });
  }

  @ParameterizedTest
  @EnumSource(Engines.class)
  void aServiceWhoseConfigurationChangedGetsANewContainerOnTheSameVolume(Engines which) throws Exception {
    Host.with(which, host -> {
      Compose compose = Compose.project(host.engine, which);
      compose.file(project("ahoy", ofSize("64M")));
      compose.run("up", "--detach");
      host.exec(CONTAINER, "echo kept > /data/row");
      String container = host.docker("inspect", "--format", "{{.Id}}", CONTAINER);
      String id = idOf(host, VOLUME);

      compose.file(project("farewell", ofSize("64M")));
      compose.run("up", "--detach");
      assertThat(host.docker("inspect", "--format", "{{.Id}}", CONTAINER)).isNotEqualTo(container);
      assertThat(host.exec(CONTAINER, "echo $GREETING; cat /data/row")).isEqualTo("farewell\nkept");
      assertThat(idOf(host, VOLUME)).isEqualTo(id);
      assertThat(host.stages()).hasSize(1);
    });
  }

  @ParameterizedTest
  @EnumSource(Engines.class)
  void whatComposeRemovedWithTheProjectIsInTheTrashAndComesBack(Engines which) throws Exception {
    Host.with(which, host -> {
      Compose compose = Compose.project(host.engine, which);
      compose.file(project("ahoy", ofSize("64M")));
      compose.run("up", "--detach");
      host.exec(CONTAINER, "echo kept > /data/row");
      compose.run("down", "--volumes");
      assertThat(host.docker("volume", "ls", "-q")).isEmpty();
      assertThat(host.moorage.cli("pool", "trash", "-o", "name")).isEqualTo("docker/" + VOLUME);

      host.moorage.cli("volume", "undo", VOLUME);
      assertThat(host.docker("volume", "ls", "-q")).isEqualTo(VOLUME);
      // Compose misses its labels and says so, but takes the volume: labels never reach a driver.
      compose.run("up", "--detach");
      assertThat(host.exec(CONTAINER, "cat /data/row")).isEqualTo("kept");
      assertThat(host.moorage.cli("pool", "trash", "-o", "name")).isEmpty();
    });
  }

  @ParameterizedTest
  @EnumSource(Engines.class)
  void anExternalVolumeIsUsedAndLeftAlone(Engines which) throws Exception {
    Host.with(which, host -> {
      Compose compose = Compose.project(host.engine, which);
      compose.file(project("ahoy", "{external: true, name: ledger}"));
      host.moorage.cli("volume", "create", "--owner", "docker", "--size", "64M", "ledger");
      compose.run("up", "--detach");
      host.exec(CONTAINER, "echo kept > /data/row");
      compose.run("down", "--volumes");
      assertThat(host.docker("volume", "ls", "-q")).isEqualTo("ledger");
      assertThat(host.once("ledger", "cat /data/row")).isEqualTo("kept");
    });
  }

  /** Newer Compose makes a volume anew when its definition changed, if it may; the data of the old one can be had back. */
  @Test
  void aVolumeThatComposeMadeAnewIsInTheTrashWithItsData() throws Exception {
    Host.with(Engines.SID, host -> {
      Compose compose = Compose.project(host.engine, Engines.SID);
      compose.file(project("ahoy", ofSize("64M")));
      compose.run("up", "--detach");
      host.exec(CONTAINER, "echo kept > /data/row");
      compose.file(project("ahoy", ofSize("128M")));
      compose.run("up", "--detach", "--yes");
      assertThat(host.inspect(VOLUME, "{{.Status.size}}")).isEqualTo("128M");
      assertThat(host.exec(CONTAINER, "ls -A /data")).isEqualTo("seed");
      host.moorage.cli("volume", "undo", "docker/" + VOLUME, "--as", "before");
      assertThat(host.once("before", "cat /data/row")).isEqualTo("kept");
    });
  }

  private static String idOf(Host host, String volume) throws Exception {
    return host.moorage.cli("volume", "inspect", "docker/" + volume).lines()
        .filter(line -> line.startsWith("  id ")).findFirst().orElseThrow().strip();
  }
}
