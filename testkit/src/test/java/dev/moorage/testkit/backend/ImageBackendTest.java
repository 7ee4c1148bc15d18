package dev.moorage.testkit.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.backend.Home;
import dev.moorage.backend.Origin;
import dev.moorage.linux.FileOps;
import dev.moorage.process.Command;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.TestDisk;
import dev.moorage.volume.Access;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.FilesystemType;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What only the image backend does: templates, sealing, compaction. */
@Tag("root")
@ExtendWith(LeakCheck.class)
class ImageBackendTest {

  private final BackendFixture fixture = BackendFixture.plain(TestDisk.Kind.XFS, ext4(48));

  @AfterEach
  void close() throws Exception {
    fixture.clear();
    fixture.close();
  }

  private static VolumeSpec ext4(long mebibytes) {
    return new VolumeSpec(ByteSize.ofMebibytes(mebibytes), BackendKind.IMAGE, Access.FILESYSTEM, FilesystemType.EXT4, false);
  }

  private List<String> templates() throws IOException {
    try (Stream<Path> files = Files.list(fixture.pool().layout().templates())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aVolumeIsMadeFromATemplateThatIsFormattedOnce() throws Exception {
    fixture.volume();
    assertThat(templates()).containsExactly("ext4-50331648-v1");
    Path template = fixture.pool().layout().templates().resolve("ext4-50331648-v1");
    Object inode = Files.getAttribute(template, "unix:ino");
    Home second = fixture.volume();
    assertThat(Files.getAttribute(template, "unix:ino")).isEqualTo(inode);
    fixture.write(second, 0, 1);
    assertThat(fixture.read(fixture.volume(), 0)).isZero();
  }

  @Test
  void onlyTheTemplatesUsedLastAreKept() throws Exception {
    for (int count = 0; count < 18; count++) {
      fixture.make(ext4(20 + count), new Origin.Empty());
      fixture.make(ext4(20), new Origin.Empty());
    }
    assertThat(templates()).hasSize(16)
        .contains("ext4-" + ByteSize.ofMebibytes(20).bytes() + "-v1", "ext4-" + ByteSize.ofMebibytes(37).bytes() + "-v1")
        .doesNotContain("ext4-" + ByteSize.ofMebibytes(21).bytes() + "-v1");
  }

  @Test
  void whatADeadProcessLeftOfATemplateIsRemovedAndItIsMade() throws Exception {
    Path left = fixture.pool().layout().templates().resolve("ext4-50331648-v1-0f2c.new");
    Files.write(left, new byte[100]);
    Home home = fixture.volume();
    assertThat(left).doesNotExist();
    assertThat(fixture.read(home, 0)).isZero();
  }

  @Test
  void oneTemplateIsMadeHoweverManyAskForIt() throws Exception {
    List<Future<Home>> homes = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int count = 0; count < 8; count++) {
        int size = 24 + count % 2;
        homes.add(threads.submit(() -> fixture.make(ext4(size), new Origin.Empty())));
      }
    }
    for (Future<Home> home : homes) {
      assertThat(fixture.read(home.get(), 0)).isZero();
    }
    assertThat(templates()).hasSize(2);
  }

  @Test
  void aTemplateThatCannotBeMadeLeavesNothingBehind() throws Exception {
    Path templates = fixture.pool().layout().templates();
    Command.of("chattr", "+i", templates.toString()).run();
    try {
      assertThatThrownBy(fixture::volume).isInstanceOf(VolumeException.Unavailable.class);
    } finally {
      Command.of("chattr", "-i", templates.toString()).run();
    }
    assertThat(templates()).isEmpty();
    assertThat(fixture.read(fixture.volume(), 0)).isZero();
  }

  @Test
  void aSnapshotIsSealedAndSharesItsBlocks() throws Exception {
    Home volume = fixture.volume();
    try (Consumer consumer = fixture.use(volume)) {
      Files.write(consumer.path().resolve("file"), new byte[16 << 20]);
      FileOps.syncfs(consumer.path());
    }
    long before = fixture.backend().capacity().free();
    Home snapshot = fixture.cut(volume, Optional.empty());
    assertThat(before - fixture.backend().capacity().free()).isLessThan(ByteSize.ofMebibytes(2).bytes());
    assertThat(Files.getPosixFilePermissions(fixture.backend().raw(snapshot))).hasToString("[OWNER_READ]");
    Home clone = fixture.make(fixture.spec(), new Origin.CloneOf(snapshot));
    assertThat(Files.getPosixFilePermissions(fixture.backend().raw(clone))).hasSize(2);
  }

  @Test
  void aCopyOfAScatteredVolumeHasFewExtents() throws Exception {
    VolumeSpec block = new VolumeSpec(ByteSize.ofMebibytes(8), BackendKind.IMAGE, Access.BLOCK, FilesystemType.EXT4, false);
    Home volume = fixture.make(block, new Origin.Empty());
    try (Consumer consumer = fixture.use(volume, block)) {
      // Backwards and in steps, so that the filesystem below cannot place the blocks in order.
      for (int start : List.of(1, 0)) {
        for (int slot = 1022 + start; slot >= 0; slot -= 2) {
          consumer.writeWithoutSync(slot, slot + 1);
        }
        consumer.write(start, start + 1);
      }
    }
    Home scattered = fixture.make(block, new Origin.CloneOf(volume));
    try (Consumer consumer = fixture.use(scattered, block)) {
      for (int slot = 0; slot < 1024; slot += 8) {
        consumer.write(slot, slot + 1);
      }
    }
    long before = fixture.backend().inspect(scattered).extents();
    Home compact = fixture.make(block, new Origin.CopyOf(scattered, _ -> {}));
    long after = fixture.backend().inspect(compact).extents();
    assertThat(before).isGreaterThan(10);
    assertThat(after).isLessThan(before / 4);
    assertThat(fixture.backend().inspect(compact).allocated()).isEqualTo(ByteSize.ofMebibytes(4).bytes());
    fixture.backend().replace(scattered, compact);
    try (Consumer consumer = fixture.use(scattered, block)) {
      for (int slot = 0; slot < 1024; slot++) {
        assertThat(consumer.read(slot)).isEqualTo(slot + 1);
      }
    }
  }
}
