package dev.moorage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testkit.LeakCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many containers on one volume, and many volumes on one engine. */
@Tag("engine")
@ExtendWith(LeakCheck.class)
final class ManyTest {

  private static final int CONTAINERS = 8;
  private static final int VOLUMES = 500;

  @ParameterizedTest
  @EnumSource(value = Engines.class, names = {"INSTALLED", "SID"})
  void eightContainersStartAtOnceOnOneVolume(Engines which) throws Exception {
    Host.with(which, host -> {
      host.createVolume("db");
      List<Future<String>> starts = new ArrayList<>();
      try (ExecutorService threads = Executors.newFixedThreadPool(CONTAINERS)) {
        for (int i = 0; i < CONTAINERS; i++) {
          String name = "c" + i;
          starts.add(threads.submit(() -> host.runIdle(name, "db")));
        }
      }
      for (Future<String> start : starts) {
        start.get();
      }
      assertThat(host.stages()).hasSize(1);
      for (int i = 0; i < CONTAINERS; i++) {
        host.exec("c" + i, "echo from-" + i + " > /data/row" + i);
      }
      assertThat(host.exec("c0", "cat /data/row*").lines()).hasSize(CONTAINERS);
      for (int i = 0; i < CONTAINERS; i++) {
        assertThat(host.stages()).hasSize(1);
        host.docker("rm", "-f", "c" + i);
      }
      assertThat(host.stages()).isEmpty();
    });
  }

  @ParameterizedTest
  @EnumSource(value = Engines.class, names = {"INSTALLED", "SID"})
  void fiveHundredVolumesAreListedAtOnceAndSurviveARestartOfTheEngine(Engines which) throws Exception {
    Host.with(which, host -> {
      host.engine.namespace().run("sh", "-c", "seq 1 " + VOLUMES
          + " | xargs -P 4 -I N docker volume create -d moorage -o size=16M --label team=sea vN");
      long began = System.nanoTime();
      assertThat(host.docker("volume", "ls", "-q").lines()).hasSize(VOLUMES);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
      assertThat(host.engine.dockerd().stop()).isZero();
      host.engine.restartDockerd();
      assertThat(host.docker("volume", "ls", "-q").lines()).hasSize(VOLUMES);
      assertThat(host.inspect("v" + VOLUMES, "{{.Labels.team}} {{.Options.size}}")).isEqualTo("sea 16M");
      assertThat(host.once("v7", "ls -A /data")).isEqualTo("seed");
    });
  }
}
