package dev.moorage.testkit.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.backend.Home;
import dev.moorage.filesystem.Filesystem;
import dev.moorage.linux.FileOps;
import dev.moorage.testkit.ContainerWrite;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.TestDisk;
import dev.moorage.volume.Access;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.FilesystemType;
import dev.moorage.volume.VolumeSpec;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Filesystems inside images grow while somebody writes, where the kernel lets the service do so: also ext4. In a pool directly on XFS and
 * in a pool file over ext4.
 */
@Tag("guest")
@ExtendWith(LeakCheck.class)
class MountedGrowthTest {

  private static final ByteSize STEP = ByteSize.ofMebibytes(48);
  private static final int STEPS = 2;

  @ParameterizedTest
  @CsvSource({"XFS, EXT4, false", "XFS, EXT4, true", "XFS, XFS, false", "EXT4, EXT4, false", "EXT4, XFS, false"})
  void aVolumeGrowsUnderItsWriterAndIsSoundAfterwards(TestDisk.Kind disk, FilesystemType type, boolean preallocated) throws Exception {
    ByteSize size = type == FilesystemType.XFS ? ByteSize.ofMebibytes(300) : STEP;
    VolumeSpec spec = new VolumeSpec(size, BackendKind.IMAGE, Access.FILESYSTEM, type, preallocated);
    Filesystem filesystem = Filesystem.of(type);
    try (BackendFixture fixture = BackendFixture.onDisk(disk, spec)) {
      Home home = fixture.volume();
      try (Consumer consumer = fixture.use(home)) {
        growTwice(fixture, home, consumer, filesystem);
        // What only the larger filesystem has room for.
        if (type == FilesystemType.EXT4) {
          ContainerWrite.zeros(consumer.path().resolve("large"), 80);
        }
      }
      filesystem.check(fixture.backend().raw(home));
      assertThat(fixture.read(home, Writer.FIRST)).isEqualTo(fixture.read(home, Writer.SECOND)).isPositive();
      fixture.clear();
    }
  }

  private static void growTwice(BackendFixture fixture, Home home, Consumer consumer, Filesystem filesystem) throws Exception {
    Path device = fixture.backend().inspect(home).device().orElseThrow();
    try (Writer writer = Writer.start(consumer, consumer)) {
      for (int step = 1; step <= STEPS; step++) {
        writer.awaitMore();
        long before = FileOps.space(consumer.path()).total();
        fixture.backend().grow(home, fixture.larger(ByteSize.ofBytes(step * STEP.bytes())));
        filesystem.grow(device, consumer.path());
        assertThat(FileOps.space(consumer.path()).total() - before).isBetween(STEP.bytes() * 9 / 10, STEP.bytes());
      }
      writer.awaitMore();
    }
  }
}
