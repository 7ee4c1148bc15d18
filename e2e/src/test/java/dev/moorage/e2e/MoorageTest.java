package dev.moorage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testkit.LeakCheck;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a user does first, with the product as it is shipped, on real engines. */
@Tag("engine")
@ExtendWith(LeakCheck.class)
final class MoorageTest {

  @ParameterizedTest
  @EnumSource(Engines.class)
  void aContainerKeepsItsFilesInAVolume(Engines which) throws IOException {
    try (Engine engine = Engine.start(which).with(Images.BUSYBOX)) {
      Moorage moorage = Moorage.start(engine);
      engine.docker("volume", "create", "-d", "moorage", "-o", "size=64M", "db");
      assertThat(engine.docker("run", "--rm", "-v", "db:/data", "busybox", "cat", "/data/seed")).isEqualTo("seed");
      engine.docker("run", "--rm", "-v", "db:/data", "busybox", "sh", "-c", "echo kept > /data/new");
      moorage.cli("snapshot", "create", "db", "before");
      engine.docker("run", "--rm", "-v", "db:/data", "busybox", "rm", "/data/new");
      engine.docker("volume", "create", "-d", "moorage", "-o", "from=db@before", "restored");
      assertThat(engine.docker("run", "--rm", "-v", "restored:/data", "busybox", "cat", "/data/new")).isEqualTo("kept");
      engine.docker("volume", "rm", "db", "restored");
      assertThat(engine.docker("volume", "ls", "-q")).isEmpty();
      assertThat(moorage.serve().stop()).isZero();
    }
  }

  @Test
  void aRunningContainerGoesOnWhileTheServiceIsKilledAndStartedAgain() throws IOException {
    try (Engine engine = Engine.start(Engines.INSTALLED).with(Images.BUSYBOX)) {
      Moorage moorage = Moorage.start(engine);
      engine.docker("run", "-d", "--name", "writer", "-v", "db:/data", "--volume-driver", "moorage", "busybox", "sleep", "1000");
      moorage.serve().kill();
      engine.docker("exec", "writer", "sh", "-c", "echo while-away > /data/new");
      moorage.restart();
      engine.docker("exec", "writer", "grep", "while-away", "/data/new");
      engine.docker("rm", "-f", "writer");
      assertThat(engine.docker("run", "--rm", "-v", "db:/data", "busybox", "cat", "/data/new")).isEqualTo("while-away");
      engine.docker("volume", "rm", "db");
    }
  }
}
