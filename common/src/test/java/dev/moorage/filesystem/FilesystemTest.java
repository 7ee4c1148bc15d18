package dev.moorage.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.linux.Capability;
import dev.moorage.linux.FileOps;
import dev.moorage.linux.LoopDevice;
import dev.moorage.linux.LoopDevices;
import dev.moorage.linux.Mounts;
import dev.moorage.linux.RootWorkspace;
import dev.moorage.volume.FilesystemType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both filesystems on real images, mounted through real loop devices. */
@Tag("root")
final class FilesystemTest {

  private static final long GIBIBYTE = 1L << 30;

  @SuppressWarnings("NullAway.Init")
  private RootWorkspace workspace;

  @BeforeEach
  void createWorkspace() throws IOException {
    workspace = RootWorkspace.create();
  }

  @AfterEach
  void closeWorkspace() throws IOException {
    workspace.close();
  }

  private Path made(Filesystem filesystem, long bytes) throws IOException {
    Path image = workspace.image("image", bytes);
    filesystem.make(image);
    return image;
  }

  private Path mount(Path image, Filesystem filesystem) throws IOException {
    return workspace.mount(image, "mounted", filesystem.type().word(), filesystem.mountOptions(false));
  }

  @ParameterizedTest
  @EnumSource(FilesystemType.class)
  void aNewFilesystemIsSoundAndItsRootIsEmptyAndTheImageStaysSparse(FilesystemType type) throws IOException {
    Filesystem filesystem = Filesystem.of(type);
    Path image = made(filesystem, filesystem.minimum().bytes());
    assertThat(Filesystem.identify(image)).contains(type);
    filesystem.check(image);
    assertThat(FileOps.allocated(image)).isLessThan(66L << 20);
    Path target = mount(image, filesystem);
    try (Stream<Path> entries = Files.list(target)) {
      assertThat(entries).isEmpty();
    }
    assertThat(FileOps.space(target).available()).isGreaterThan(filesystem.minimum().bytes() / 2);
    Mounts.unmount(target);
    filesystem.check(image);
  }

  @ParameterizedTest
  @EnumSource(FilesystemType.class)
  void formattingAnewEmptiesAnImageWithContent(FilesystemType type) throws IOException {
    Filesystem filesystem = Filesystem.of(type);
    Path image = workspace.image("image", filesystem.minimum().bytes());
    try (RandomAccessFile content = new RandomAccessFile(image.toFile(), "rw")) {
      for (int mebibyte = 0; mebibyte < 16; mebibyte++) {
        content.write("garbage!".repeat(1 << 17).getBytes(StandardCharsets.US_ASCII));
      }
    }
    filesystem.make(image);
    filesystem.make(image);
    filesystem.check(image);
    Path target = mount(image, filesystem);
    Files.writeString(target.resolve("file"), "text");
    Mounts.unmount(target);
    filesystem.check(image);
  }

  @ParameterizedTest
  @EnumSource(FilesystemType.class)
  void aPreallocatedImageKeepsItsBlocks(FilesystemType type) throws IOException {
    Filesystem filesystem = Filesystem.of(type);
    long bytes = filesystem.minimum().bytes();
    Path image = workspace.image("image", bytes);
    FileOps.allocate(image, 0, bytes);
    filesystem.make(image);
    String options = filesystem.mountOptions(false, true);
    Path target = workspace.mount(image, "mounted", type.word(), options);
    Path file = Files.write(target.resolve("file"), new byte[4 << 20]);
    FileOps.syncfs(target);
    Files.delete(file);
    FileOps.syncfs(target);
    Mounts.unmount(target);
    assertThat(FileOps.allocated(image)).isGreaterThanOrEqualTo(bytes);
  }

  @ParameterizedTest
  @EnumSource(FilesystemType.class)
  void deletedFilesGiveTheirSpaceBackToTheSparseImage(FilesystemType type) throws IOException {
    Filesystem filesystem = Filesystem.of(type);
    Path image = made(filesystem, GIBIBYTE);
    Path target = mount(image, filesystem);
    Path file = Files.write(target.resolve("file"), new byte[32 << 20]);
    FileOps.syncfs(target);
    long full = FileOps.allocated(image);
    Files.delete(file);
    // XFS frees the blocks of a deleted file in the background.
    for (int attempt = 0; attempt < 1000 && FileOps.allocated(image) > full - (30L << 20); attempt++) {
      FileOps.syncfs(target);
      FileOps.trim(target);
    }
    assertThat(FileOps.allocated(image)).isLessThan(full - (30L << 20));
  }

  @Test
  void onlineDiscardNeedsNoTrim() throws IOException {
    Filesystem filesystem = Filesystem.of(FilesystemType.EXT4);
    Path image = made(filesystem, GIBIBYTE);
    Path target = mount(image, filesystem);
    Path file = Files.write(target.resolve("file"), new byte[32 << 20]);
    FileOps.syncfs(target);
    long full = FileOps.allocated(image);
    Files.delete(file);
    Mounts.unmount(target);
    assertThat(FileOps.allocated(image)).isLessThan(full - (30L << 20));
  }

  @Test
  void xfsGrowsWhileMountedAndGrowingAgainChangesNothing() throws IOException {
    Filesystem filesystem = Filesystem.of(FilesystemType.XFS);
    Path image = made(filesystem, filesystem.minimum().bytes());
    assertThat(filesystem.growUnmounted(image)).isFalse();
    Path target = mount(image, filesystem);
    enlarge(image);
    LoopDevice device = LoopDevices.find(image).orElseThrow();
    filesystem.grow(device.path(), target);
    filesystem.grow(device.path(), target);
    assertThat(FileOps.space(target).total()).isGreaterThan(9 * GIBIBYTE / 10);
  }

  /** Without the superblock written out after the first growth, the kernel refuses to replay the log of the second (EUCLEAN). */
  @Test
  void xfsMountsAfterAPowerCutThatFollowedTwoGrowths() throws IOException {
    Filesystem filesystem = Filesystem.of(FilesystemType.XFS);
    Path pool = workspace.xfs("pool");
    Path image = workspace.image(pool.resolve("image"), 320L << 20);
    filesystem.make(image);
    Path target = mount(image, filesystem);
    LoopDevice device = LoopDevices.find(image).orElseThrow();
    for (long size : new long[] {384L << 20, 400L << 20}) {
      workspace.image(image, size);
      LoopDevices.refreshCapacity(device);
      filesystem.grow(device.path(), target);
    }
    Files.writeString(target.resolve("file"), "text");
    FileOps.syncfs(target);
    Path cut = pool.resolve("cut");
    FileOps.reflink(image, cut);
    Path after = workspace.mount(cut, "mounted-cut", "xfs", filesystem.mountOptions(false));
    assertThat(after.resolve("file")).hasContent("text");
  }

  /** The kernel asks for CAP_SYS_RESOURCE, which some containers and sandboxes keep from root: then the error must say so. */
  @Test
  void ext4GrowsWhileMountedOrSaysWhichPrivilegeItLacks() throws IOException {
    Filesystem filesystem = Filesystem.of(FilesystemType.EXT4);
    Path image = made(filesystem, filesystem.minimum().bytes());
    Path target = mount(image, filesystem);
    LoopDevice device = LoopDevices.find(image).orElseThrow();
    filesystem.grow(device.path(), target);
    enlarge(image);
    if (Capability.SYS_RESOURCE.isEffective()) {
      filesystem.grow(device.path(), target);
      assertThat(FileOps.space(target).total()).isGreaterThan(9 * GIBIBYTE / 10);
    } else {
      assertThatThrownBy(() -> filesystem.grow(device.path(), target)).hasMessageContaining("CAP_SYS_RESOURCE");
    }
  }

  @Test
  void ext4GrowsUnmountedFarBeyondItsFirstSizeWithItsInodes() throws IOException {
    Filesystem filesystem = Filesystem.of(FilesystemType.EXT4);
    Path image = made(filesystem, filesystem.minimum().bytes());
    Path target = mount(image, filesystem);
    Files.writeString(target.resolve("file"), "text");
    Mounts.unmount(target);
    workspace.image(image, 200 * GIBIBYTE);
    assertThat(filesystem.growUnmounted(image)).isTrue();
    filesystem.check(image);
    mount(image, filesystem);
    assertThat(target.resolve("file")).hasContent("text");
    assertThat(FileOps.space(target).total()).isGreaterThan(190 * GIBIBYTE);
    assertThat(FileOps.allocated(image)).isLessThan(GIBIBYTE / 8);
  }

  private void enlarge(Path image) throws IOException {
    workspace.image(image, GIBIBYTE);
    LoopDevices.refreshCapacity(LoopDevices.find(image).orElseThrow());
  }

  @ParameterizedTest
  @EnumSource(FilesystemType.class)
  void aCloneOfAVolumeInUseCannotBeCheckedBeforeItsJournalIsReplayed(FilesystemType type) throws IOException {
    Filesystem filesystem = Filesystem.of(type);
    Path pool = workspace.xfs("pool");
    Path image = workspace.image(pool.resolve("image"), filesystem.minimum().bytes());
    filesystem.make(image);
    Path target = mount(image, filesystem);
    Files.writeString(target.resolve("file"), "text");
    FileOps.syncfs(target);
    Path clone = pool.resolve("clone");
    FileOps.reflink(image, clone);
    assertThatThrownBy(() -> filesystem.check(clone)).isInstanceOf(UnsoundFilesystem.class).hasMessageContaining("journal");
    Path cloneTarget =
        workspace.mount(clone, "mounted-clone", type.word(), filesystem.mountOptions(false));
    assertThat(cloneTarget.resolve("file")).hasContent("text");
    Mounts.unmount(cloneTarget);
    filesystem.check(clone);
  }

  @ParameterizedTest
  @EnumSource(FilesystemType.class)
  void damageIsReportedInTheCheckersWords(FilesystemType type) throws IOException {
    Filesystem filesystem = Filesystem.of(type);
    Path image = made(filesystem, filesystem.minimum().bytes());
    try (RandomAccessFile content = new RandomAccessFile(image.toFile(), "rw")) {
      content.seek(4096);
      content.write(new byte[16384]);
    }
    assertThatThrownBy(() -> filesystem.check(image)).isInstanceOf(UnsoundFilesystem.class).hasMessageContaining("says: ");
  }

  @Test
  void whatIsNoFilesystemIsNotIdentified() throws IOException {
    assertThat(Filesystem.identify(workspace.image("image", 1 << 20))).isEmpty();
    assertThat(Filesystem.identify(workspace.image("empty", 0))).isEmpty();
  }
}
