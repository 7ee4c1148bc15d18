package dev.moorage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.process.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The check sees what was left behind, says so, and mends it. */
@Tag("root")
class LeakCheckTest {

  private final Path directory = Scratch.directory("leak");

  @Test
  void aMountLeftBehindIsReportedAndReleased() throws Exception {
    LeakCheck.State before = LeakCheck.State.now();
    Command.of("mount", "-t", "tmpfs", "tmpfs", directory.toString()).run();
    assertThatThrownBy(() -> LeakCheck.demandNothingMoreThan(before)).hasMessageContaining(directory.toString());
    assertThat(KernelState.mountsUnder(directory)).isEmpty();
    Scratch.remove(directory);
  }

  @Test
  void aLoopDeviceLeftBehindIsReportedAndReleased() throws Exception {
    LeakCheck.State before = LeakCheck.State.now();
    Path image = Files.write(directory.resolve("image"), new byte[1 << 20]);
    Command.of("losetup", "--find", image.toString()).run();
    assertThatThrownBy(() -> LeakCheck.demandNothingMoreThan(before)).hasMessageContaining(image.toString());
    assertThat(KernelState.loopsUnder(directory)).isEmpty();
    Scratch.remove(directory);
  }

  @Test
  void whatWasThereBeforeIsNoLeak() throws Exception {
    Command.of("mount", "-t", "tmpfs", "tmpfs", directory.toString()).run();
    LeakCheck.demandNothingMoreThan(LeakCheck.State.now());
    Scratch.remove(directory);
    assertThat(directory).doesNotExist();
  }
}
