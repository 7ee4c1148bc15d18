package dev.moorage.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moorage.process.CommandFailed;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.Until;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** dockerd runs the product itself, as its managed plugin: containers keep their volumes whatever happens to the two. */
@Tag("engine")
@ExtendWith(LeakCheck.class)
final class ManagedPluginTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String WRITES_ON = "while :; do echo line >> /data/log; sync; sleep 0.1; done";

  private interface Scene {
    void play(Engine engine, ManagedPlugin plugin) throws Exception;
  }

  /** Plays the scene with the plugin enabled; then its containers and volumes can be removed, and nothing holds the plugin. */
  private static void with(Engines which, Scene scene) throws Exception {
    try (Engine engine = Engine.start(which).with(Images.BUSYBOX)) {
      ManagedPlugin plugin = ManagedPlugin.create(engine);
      try {
        plugin.enable();
        scene.play(engine, plugin);
        engine.docker("rm", "-f", "writer");
        engine.docker("volume", "rm", "db");
        assertThat(plugin.cli("volume", "ls", "-o", "name")).isEmpty();
        plugin.disable();
        engine.docker("plugin", "rm", "moorage");
        Until.demand("no volume has a loop device", PATIENCE, () -> Loops.of(engine.directory()).isEmpty());
      } catch (Exception | AssertionError e) {
        throw new AssertionError(e.getMessage() + "\ndockerd says:\n" + engine.dockerd().logTail(), e);
      }
    }
  }

  private static void startWriter(Engine engine) throws IOException {
    engine.docker("volume", "create", "-d", "moorage", "-o", "size=64M", "--label", "team=sea", "db");
    engine.docker("run", "-d", "--name", "writer", "--restart", "always", "-v", "db:/data", "busybox", "sh", "-c", WRITES_ON);
    demandWrites(engine);
  }

  private static void demandWrites(Engine engine) throws IOException {
    int before = lines(engine);
    Until.demand("the container writes on", PATIENCE, () -> lines(engine) > before);
  }

  private static int lines(Engine engine) throws IOException {
    return Integer.parseInt(engine.docker("exec", "writer", "sh", "-c", "touch /data/log; wc -l < /data/log"));
  }

  /** That a second container sees what the first one writes: both are on one mount of one device. */
  private static void demandShared(Engine engine, String word) throws IOException {
    engine.docker("exec", "writer", "sh", "-c", "echo " + word + " > /data/word; sync");
    assertThat(engine.docker("run", "--rm", "-v", "db:/data", "busybox", "cat", "/data/word")).isEqualTo(word);
  }

  @ParameterizedTest
  @EnumSource(value = Engines.class, names = {"INSTALLED", "SID"})
  void aContainerWritesOnWhileThePluginIsDisabledAndEnabledAgain(Engines which) throws Exception {
    with(which, (engine, plugin) -> {
      startWriter(engine);
      demandShared(engine, "first");
      assertThat(catchThrowableOfType(CommandFailed.class, plugin::disable).errorOutput()).contains("in use");
      plugin.disableInUse();
      demandWrites(engine);
      plugin.enable();
      demandShared(engine, "second");
      plugin.cli("snapshot", "create", "docker/db", "cut");
      assertThat(plugin.cli("snapshot", "ls", "docker/db")).contains("docker/db@cut");
      plugin.cli("snapshot", "rm", "docker/db@cut");
      demandWrites(engine);
    });
  }

  @Test
  void anEngineThatWasKilledFindsItsVolumesAndLetsThemGoLater() throws Exception {
    with(Engines.INSTALLED, (engine, plugin) -> {
      startWriter(engine);
      engine.docker("exec", "writer", "sh", "-c", "echo kept > /data/kept; sync");
      engine.dockerd().kill();
      engine.restartDockerd();
      Until.demand("the container runs again", PATIENCE,
          () -> engine.docker("inspect", "-f", "{{.State.Running}}", "writer").equals("true"));
      demandWrites(engine);
      assertThat(engine.docker("exec", "writer", "cat", "/data/kept")).isEqualTo("kept");
      assertThat(engine.docker("volume", "inspect", "-f", "{{.Labels.team}} {{.Options.size}}", "db")).isEqualTo("sea 64M");
    });
  }

  @Test
  void volumesStayWhenThePluginIsReplacedWhileAContainerRuns() throws Exception {
    with(Engines.INSTALLED, (engine, plugin) -> {
      startWriter(engine);
      plugin.replace();
      demandWrites(engine);
      demandShared(engine, "after");
      assertThat(List.of(plugin.cli("volume", "ls", "-o", "name").split("\n"))).containsExactly("docker/db");
      assertThat(engine.docker("volume", "inspect", "-f", "{{.Labels.team}}", "db")).isEqualTo("sea");
    });
  }
}
