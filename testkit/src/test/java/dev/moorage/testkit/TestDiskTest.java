package dev.moorage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.process.Command;
import dev.moorage.volume.ByteSize;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Disks come and go whole. */
@Tag("root")
@ExtendWith(LeakCheck.class)
class TestDiskTest {

  @ParameterizedTest
  @EnumSource
  void aDiskOfEachKindCanBeWrittenAndGoesWithoutATrace(TestDisk.Kind kind) throws Exception {
    Path directory;
    try (TestDisk disk = TestDisk.make(kind, ByteSize.ofMebibytes(320))) {
      directory = disk.directory();
      assertThat(KernelState.mountsUnder(directory)).containsExactly(directory);
      Files.writeString(directory.resolve("file"), "text");
    }
    assertThat(directory).doesNotExist();
    assertThat(KernelState.mountsUnder(directory)).isEmpty();
  }

  @Test
  void closingADiskTakesWhatIsMountedAndBoundBeneathItAlong() throws Exception {
    Path inner;
    try (TestDisk disk = TestDisk.make(TestDisk.Kind.EXT4, ByteSize.ofMebibytes(64))) {
      inner = Files.createDirectory(disk.directory().resolve("inner"));
      Command.of("mount", "-t", "tmpfs", "tmpfs", inner.toString()).run();
      Path image = Files.write(disk.directory().resolve("image"), new byte[1 << 20]);
      Command.of("losetup", "--find", image.toString()).run();
    }
    assertThat(KernelState.mountsUnder(inner)).isEmpty();
    assertThat(KernelState.loopsUnder(Scratch.root())).isEmpty();
  }
}
