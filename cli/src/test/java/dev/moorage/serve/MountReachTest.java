package dev.moorage.serve;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.config.Configuration;
import dev.moorage.linux.Mounts;
import dev.moorage.process.Command;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A service in a container starts only where its mounts reach the host. */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class MountReachTest {

  private static final Map<String, String> IN_A_CONTAINER = Map.of(MountReach.CONTAINER, "yes");

  private Path directory = Path.of("");
  private Path volume = Path.of("");

  @BeforeEach
  void mountAVolume() throws IOException {
    directory = Scratch.directory("reach");
    volume = Files.createDirectory(directory.resolve("run"));
    Mounts.mount(Path.of("volume"), volume, "tmpfs", Set.of(), "");
  }

  @AfterEach
  void unmount() throws IOException {
    Mounts.unmount(volume);
    Scratch.remove(directory);
  }

  private static Configuration mountingIn(Path runDir) throws Exception {
    return Configuration.load(Map.of(), Map.of("run-dir", List.of(runDir.resolve("not/made/yet").toString())));
  }

  private void make(String propagation) throws IOException {
    Command.of("mount", "--make-" + propagation, volume.toString()).run();
  }

  @Test
  void aSharedVolumeWillDo() throws Exception {
    make("shared");
    Configuration configuration = mountingIn(volume);
    assertThatCode(() -> MountReach.demand(configuration, IN_A_CONTAINER)).doesNotThrowAnyException();
  }

  @Test
  void aVolumeThatIsNotSharedIsNamedWithWhatToSet() throws Exception {
    make("private");
    Configuration configuration = mountingIn(volume);
    assertThatThrownBy(() -> MountReach.demand(configuration, IN_A_CONTAINER)).isInstanceOf(CannotServe.class)
        .hasMessageContainingAll("the volume at " + volume + " is not shared", "mountPropagation: Bidirectional", ":rshared");
  }

  @Test
  void mountsThatOnlyComeFromTheHostDoNotReachIt() throws Exception {
    make("shared");
    Path copy = Files.createDirectory(directory.resolve("copy"));
    Mounts.bind(volume, copy, false);
    try {
      Command.of("mount", "--make-slave", copy.toString()).run();
      Configuration configuration = mountingIn(copy);
      assertThatThrownBy(() -> MountReach.demand(configuration, IN_A_CONTAINER)).hasMessageContaining("is not shared");
    } finally {
      Mounts.unmount(copy);
    }
  }

  @Test
  void theKubeletsDirectoryMustBeSharedAsWell() throws Exception {
    make("shared");
    Path kubelet = Files.createDirectory(directory.resolve("kubelet"));
    Mounts.mount(Path.of("kubelet"), kubelet, "tmpfs", Set.of(), "");
    try {
      Command.of("mount", "--make-private", kubelet.toString()).run();
      Configuration configuration = Configuration.load(Map.of(), Map.of("run-dir", List.of(volume.toString()), "node-id", List.of("node-1"),
          "csi-socket", List.of(kubelet + "/plugins/csi.sock"), "csi-registration", List.of(kubelet + "/plugins_registry/reg.sock")));
      assertThatThrownBy(() -> MountReach.demand(configuration, IN_A_CONTAINER)).hasMessageContaining("below " + kubelet);
    } finally {
      Mounts.unmount(kubelet);
    }
  }

  @Test
  void aRouterMountsNothing() throws Exception {
    make("private");
    Configuration router = Configuration.load(Map.of(), Map.of("run-dir", List.of(volume.toString()), "controller", List.of("true"),
        "csi-socket", List.of(volume + "/csi.sock")));
    assertThatCode(() -> MountReach.demand(router, IN_A_CONTAINER)).doesNotThrowAnyException();
  }

  @Test
  void onAHostNothingIsDemanded() throws Exception {
    make("private");
    Configuration configuration = mountingIn(volume);
    assertThatCode(() -> MountReach.demand(configuration, Map.of())).doesNotThrowAnyException();
  }
}
