package dev.moorage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testkit.LeakCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The harness itself: real engines run containers, survive what tests do to them, and leave nothing behind. */
@Tag("engine")
@ExtendWith(LeakCheck.class)
final class EngineTest {

  @ParameterizedTest
  @EnumSource(Engines.class)
  void aContainerFindsItsImagesFilesInAnEmptyLocalVolume(Engines which) throws IOException {
    try (Engine engine = Engine.start(which).with(Images.BUSYBOX)) {
      assertThat(engine.docker("run", "--rm", "-v", "vol:/data", "busybox", "cat", "/data/seed")).isEqualTo("seed");
      engine.docker("run", "--rm", "-v", "vol:/data", "busybox", "sh", "-c", "echo kept > /data/new");
      assertThat(engine.docker("run", "--rm", "-v", "vol:/data", "busybox", "cat", "/data/new")).isEqualTo("kept");
    }
  }

  @Test
  void containersOutliveADaemonThatIsKilledWhenItRestoresThem() throws IOException {
    try (Engine engine = Engine.start(Engines.INSTALLED, true).with(Images.BUSYBOX)) {
      String container = engine.docker("run", "-d", "busybox", "sleep", "1000");
      engine.dockerd().kill();
      engine.restartDockerd();
      assertThat(engine.docker("ps", "-q", "--no-trunc")).isEqualTo(container);
    }
  }

  @Test
  void nothingOfAnEngineIsLeftWhenItIsClosed() throws IOException {
    Path directory;
    ProcessHandle dockerd;
    try (Engine engine = Engine.start(Engines.INSTALLED).with(Images.BUSYBOX)) {
      directory = engine.directory();
      dockerd = engine.dockerd().process();
      engine.docker("run", "-d", "-v", "vol:/data", "busybox", "sleep", "1000");
      Files.createFile(directory.resolve("image"));
      engine.namespace().run("truncate", "-s", "64M", directory.resolve("image").toString());
      engine.namespace().run("losetup", "--find", directory.resolve("image").toString());
    }
    assertThat(directory).doesNotExist();
    assertThat(dockerd.isAlive()).isFalse();
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(directory.toString());
    assertThat(Loops.of(directory)).isEmpty();
  }

  @Test
  void aDatabaseStartsInAnEmptyVolumeAndAnswers() throws IOException {
    try (Engine engine = Engine.start(Engines.INSTALLED).with(Images.POSTGRES)) {
      Postgres database = Postgres.run(engine, "db", "--volume", "db:" + Postgres.DATA);
      database.sql("create table t as select generate_series(1, 1000) as n");
      assertThat(database.sql("select count(*) from t")).isEqualTo("1000");
      assertThat(database.check()).isEmpty();
    }
  }
}
