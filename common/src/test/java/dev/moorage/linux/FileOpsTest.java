package dev.moorage.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.linux.LoopDevices.Held;
import dev.moorage.process.Command;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** File operations on real XFS, ext4 and tmpfs. */
@Tag("root")
final class FileOpsTest {

  private static final int MEBIBYTE = 1 << 20;
  private static final int BLOCK = 4096;
  private static final int FIEMAP_EXTENT_UNWRITTEN = 0x800;
  private static final int FIEMAP_EXTENT_SHARED = 0x2000;

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

  private Path tmpfs(String name, String size) throws IOException {
    Path target = Files.createDirectory(workspace.path(name));
    Mounts.mount(Path.of("none"), target, "tmpfs", Set.of(), "size=" + size);
    workspace.onClose(() -> Mounts.unmount(target));
    return target;
  }

  private Path ext4(String name) throws IOException {
    Path image = workspace.image(name + ".ext4", 64L * MEBIBYTE);
    Command.of("mkfs.ext4", "-q", "-F", "-b", "4096", image.toString()).run();
    return workspace.mount(image, name, "ext4", "");
  }

  private static void assertErrno(ThrowableAssert.ThrowingCallable call, int errno) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(errno));
  }

  @Test
  void aCloneHasTheSameContentAndSharesItsBlocks() throws IOException {
    Path pool = workspace.xfs("pool");
    Path source = Files.write(pool.resolve("source"), new byte[MEBIBYTE]);
    FileOps.reflink(source, pool.resolve("clone"));
    assertThat(pool.resolve("clone")).hasSameBinaryContentAs(source);
    assertThat(FileOps.extents(source)).isEqualTo(FileOps.extents(pool.resolve("clone")))
        .isNotEmpty()
        .allMatch(extent -> (extent.flags() & FIEMAP_EXTENT_SHARED) != 0);
  }

  @Test
  void aCloneNeverReplacesAFileAndLeavesNoneBehindWhenItFails() throws IOException {
    Path pool = workspace.xfs("pool");
    Path source = Files.write(pool.resolve("source"), new byte[BLOCK]);
    Path existing = Files.writeString(pool.resolve("existing"), "text");
    assertErrno(() -> FileOps.reflink(source, existing), Errno.EEXIST);
    assertThat(existing).hasContent("text");
    Path elsewhere = tmpfs("memory", "1m").resolve("clone");
    assertErrno(() -> FileOps.reflink(source, elsewhere), Errno.EXDEV);
    assertThat(elsewhere).doesNotExist();
  }

  @Test
  void supportForReflinkIsTriedAndLeavesNothingBehind() throws IOException {
    Path pool = workspace.xfs("pool");
    assertThat(FileOps.supportsReflink(pool)).isTrue();
    assertThat(FileOps.supportsReflink(tmpfs("memory", "1m"))).isFalse();
    assertThat(FileOps.supportsReflink(ext4("ext4"))).isFalse();
    try (Stream<Path> entries = Files.list(pool)) {
      assertThat(entries).isEmpty();
    }
  }

  /** A writer fills the file with generation after generation, front to back: a clone must be cut at one place of one pass. */
  @Test
  void aCloneOfAFileThatIsBeingWrittenIsOnePointInTime() throws Exception {
    Path pool = workspace.xfs("pool");
    Path source = Files.write(pool.resolve("source"), new byte[256 * BLOCK]);
    AtomicBoolean ended = new AtomicBoolean();
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Thread writer = Thread.ofPlatform().start(() -> {
      try {
        writeGenerations(source, ended);
      } catch (IOException e) {
        failure.set(e);
      }
    });
    try {
      for (int clone = 0; clone < 30; clone++) {
        Path target = pool.resolve("clone-" + clone);
        FileOps.reflink(source, target);
        assertCutOnce(Files.readAllBytes(target));
      }
    } finally {
      ended.set(true);
      writer.join();
    }
    assertThat(failure.get()).isNull();
  }

  private static void writeGenerations(Path file, AtomicBoolean ended) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int generation = 1; !ended.get(); generation++) {
        byte[] block = new byte[BLOCK];
        Arrays.fill(block, (byte) generation);
        for (int i = 0; i < 256; i++) {
          channel.write(ByteBuffer.wrap(block), (long) i * BLOCK);
        }
      }
    }
  }

  private static void assertCutOnce(byte[] content) {
    int cuts = 0;
    for (int at = 1; at < content.length; at++) {
      if (content[at] != content[at - 1]) {
        cuts++;
        assertThat((byte) (content[at] + 1)).isEqualTo(content[at - 1]);
        assertThat(at % BLOCK).isZero();
      }
    }
    assertThat(cuts).isLessThanOrEqualTo(1);
  }

  @Test
  void extentsOfADirtyFileAreThoseOnDisk() throws IOException {
    Path pool = workspace.xfs("pool");
    Path file = pool.resolve("file");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[16 * BLOCK]), 0);
      channel.write(ByteBuffer.wrap(new byte[BLOCK]), MEBIBYTE);
      // XFS may have claimed more behind the end for later.
      List<FileOps.Extent> extents = FileOps.extents(file).stream()
          .filter(extent -> (extent.flags() & FIEMAP_EXTENT_UNWRITTEN) == 0)
          .toList();
      assertThat(extents).extracting(FileOps.Extent::logical).containsExactly(0L, (long) MEBIBYTE);
      assertThat(extents).extracting(FileOps.Extent::length).containsExactly(16L * BLOCK, (long) BLOCK);
      assertThat(extents).allMatch(extent -> extent.physical() > 0);
      assertThat(extents.getFirst().flags()).isZero();
    }
  }

  @Test
  void preallocatedBlocksAreUnwrittenUntilWrittenEvenWhileDirty() throws IOException {
    Path file = workspace.image(workspace.xfs("pool").resolve("file"), 0);
    FileOps.allocate(file, 0, MEBIBYTE);
    assertThat(FileOps.extents(file)).allMatch(extent -> (extent.flags() & FIEMAP_EXTENT_UNWRITTEN) != 0);
    assertThat(FileOps.allocated(file)).isEqualTo(MEBIBYTE);
    assertThat(Files.size(file)).isEqualTo(MEBIBYTE);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[BLOCK]), 8L * BLOCK);
      assertThat(FileOps.extents(file))
          .filteredOn(extent -> (extent.flags() & FIEMAP_EXTENT_UNWRITTEN) == 0)
          .singleElement()
          .satisfies(extent -> assertThat(extent.logical()).isEqualTo(8L * BLOCK));
    }
  }

  @Test
  void moreExtentsThanOneCallReturnsAreAllListed() throws IOException {
    Path file = workspace.xfs("pool").resolve("file");
    int count = 5_000;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer block = ByteBuffer.allocate(BLOCK);
      for (int i = 0; i < count; i++) {
        channel.write(block.rewind(), 2L * i * BLOCK);
      }
    }
    // XFS may have claimed the blocks between them for later.
    List<FileOps.Extent> extents = FileOps.extents(file);
    List<Long> written = extents.stream()
        .filter(extent -> (extent.flags() & FIEMAP_EXTENT_UNWRITTEN) == 0)
        .map(FileOps.Extent::logical)
        .toList();
    assertThat(written.equals(LongStream.range(0, count).map(i -> 2 * i * BLOCK).boxed().toList())).isTrue();
    assertThat(FileOps.extentCount(file)).isEqualTo(extents.size());
  }

  @Test
  void anEmptyFileAndAHoleHaveNoExtents() throws IOException {
    Path pool = workspace.xfs("pool");
    for (long size : new long[] {0, MEBIBYTE}) {
      Path file = workspace.image(pool.resolve("file"), size);
      assertThat(FileOps.extents(file)).isEmpty();
      assertThat(FileOps.extentCount(file)).isZero();
      assertThat(FileOps.allocated(file)).isZero();
    }
  }

  @Test
  void allocatingMoreThanThereIsChangesNeitherSizeNorFreeSpace() throws IOException {
    for (Path filesystem : List.of(workspace.xfs("xfs"), ext4("ext4"), tmpfs("memory", "8m"))) {
      Path file = Files.writeString(filesystem.resolve("file"), "text");
      FileOps.syncfs(filesystem);
      long free = FileOps.space(filesystem).free();
      assertErrno(() -> FileOps.allocate(file, 0, free + 64L * MEBIBYTE), Errno.ENOSPC);
      assertThat(file).hasContent("text");
      assertThat(FileOps.space(filesystem).free()).as(filesystem.toString()).isGreaterThan(free - 4L * MEBIBYTE);
    }
  }

  @Test
  void allocatingKeepsWhatTheFileHoldsAndGrowsIt() throws IOException {
    Path file = Files.writeString(workspace.xfs("pool").resolve("file"), "text");
    FileOps.allocate(file, 0, MEBIBYTE);
    assertThat(Files.size(file)).isEqualTo(MEBIBYTE);
    assertThat(Files.readString(file)).startsWith("text\0\0");
  }

  @Test
  void aPunchedHoleReadsAsZerosAndIsGivenBack() throws IOException {
    byte[] content = new byte[MEBIBYTE];
    Arrays.fill(content, (byte) 1);
    Path file = Files.write(workspace.xfs("pool").resolve("file"), content);
    FileOps.fsync(file);
    FileOps.punchHole(file, 0, MEBIBYTE / 2);
    assertThat(Files.size(file)).isEqualTo(MEBIBYTE);
    assertThat(FileOps.allocated(file)).isEqualTo(MEBIBYTE / 2);
    byte[] after = Files.readAllBytes(file);
    assertThat(after[0]).isZero();
    assertThat(after[MEBIBYTE / 2]).isEqualTo((byte) 1);
  }

  @Test
  void aHolePunchedIntoALoopDeviceGivesItsFilesSpaceBack() throws IOException {
    Path image = Files.write(workspace.path("image"), new byte[4 * MEBIBYTE]);
    FileOps.fsync(image);
    try (Held held = LoopDevices.attach(image, new LoopDevices.Options(false, true))) {
      FileOps.punchHole(held.device().path(), 0, 4L * MEBIBYTE);
    }
    assertThat(FileOps.allocated(image)).isZero();
  }

  @Test
  void spaceAndMagicAreTheFilesystems() throws IOException {
    Path memory = tmpfs("memory", "8m");
    FileOps.Space space = FileOps.space(memory);
    assertThat(space.total()).isEqualTo(8L * MEBIBYTE);
    assertThat(space.free()).isEqualTo(space.available()).isLessThanOrEqualTo(space.total());
    assertThat(FileOps.filesystemMagic(memory)).isEqualTo(0x01021994);
    assertThat(FileOps.filesystemMagic(workspace.xfs("pool"))).isEqualTo(0x58465342);
  }

  @Test
  void theCopyOnWriteHintIsSetAndInherited() throws IOException {
    Path directory = Files.createDirectory(workspace.xfs("pool").resolve("directory"));
    FileOps.setCowExtentSize(directory, 16384);
    assertThat(FileAttributes.of(Files.createFile(directory.resolve("file"))).cowExtentSize()).isEqualTo(16384);
  }

  @Test
  void aFrozenFilesystemHoldsWritersUntilItIsThawed() throws Exception {
    Path pool = workspace.xfs("pool");
    FileOps.syncfs(pool);
    FileOps.freeze(pool);
    Thread writer = Thread.ofPlatform().unstarted(() -> {
      try {
        Files.writeString(pool.resolve("file"), "text");
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    });
    try {
      assertErrno(() -> FileOps.freeze(pool), Errno.EBUSY);
      writer.start();
      assertThat(writer.join(Duration.ofMillis(100))).isFalse();
    } finally {
      FileOps.thaw(pool);
    }
    writer.join();
    assertThat(pool.resolve("file")).hasContent("text");
    assertErrno(() -> FileOps.thaw(pool), Errno.EINVAL);
  }

  @Test
  void trimTellsWhatItGaveBack() throws IOException {
    Path pool = workspace.xfs("pool");
    assertThat(FileOps.trim(pool)).isBetween(64L * MEBIBYTE, 512L * MEBIBYTE);
  }

  @Test
  void aLockIsForOneHolderAndEndsWithIt() throws IOException {
    Path file = workspace.path("lock");
    try (FileOps.Lock lock = FileOps.lock(file)) {
      assertErrno(() -> FileOps.lock(file).close(), Errno.EAGAIN);
      assertThat(lock).isNotNull();
    }
    FileOps.Lock again = FileOps.lock(file);
    again.close();
    again.close();
  }

  @Test
  void aLockHeldByAnotherProcessIsRefusedUntilThatProcessDies() throws Exception {
    Path file = workspace.path("lock");
    Process holder = new ProcessBuilder("flock", file.toString(), "sh", "-c", "echo; exec sleep 60").start();
    try {
      assertThat(holder.getInputStream().read()).isEqualTo('\n');
      assertErrno(() -> FileOps.lock(file).close(), Errno.EAGAIN);
    } finally {
      holder.descendants().forEach(ProcessHandle::destroyForcibly);
      holder.destroyForcibly();
      assertThat(holder.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
    // The lock is its sleeping child's too.
    for (int attempt = 0; attempt < 1000 && isLocked(file); attempt++) {
      Thread.onSpinWait();
    }
    FileOps.lock(file).close();
  }

  private static boolean isLocked(Path file) throws IOException {
    try {
      FileOps.lock(file).close();
      return false;
    } catch (ErrnoException e) {
      return e.is(Errno.EAGAIN);
    }
  }

  @Test
  void aBlockNodeLeadsToTheDevice() throws IOException {
    Path image = workspace.image("image", MEBIBYTE);
    try (Held held = LoopDevices.attach(image, new LoopDevices.Options(false, true))) {
      Path node = workspace.path("node");
      FileOps.makeBlockNode(node, held.device());
      try (OpenFile open = OpenFile.open(node, OpenFile.READ)) {
        assertThat(LoopStatus.of(open).orElseThrow().isOf(FileIdentity.of(image))).isTrue();
      }
      assertErrno(() -> FileOps.makeBlockNode(node, held.device()), Errno.EEXIST);
    }
  }

  @Test
  void everyErrorNamesTheCallAndThePath() {
    Path absent = workspace.path("absent");
    assertThatThrownBy(() -> FileOps.fsync(absent)).hasMessage("open " + absent + ": no such file or directory");
    assertThatThrownBy(() -> FileOps.space(absent)).hasMessage("statfs " + absent + ": no such file or directory");
    assertThatThrownBy(() -> FileOps.freeze(workspace.directory().getRoot().resolve("proc")))
        .hasMessageStartingWith("FIFREEZE /proc: ");
  }
}
