package dev.moorage.repository.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.linux.DirectFile;
import dev.moorage.linux.Errno;
import dev.moorage.linux.ErrnoException;
import dev.moorage.linux.FileOps;
import dev.moorage.process.Command;
import dev.moorage.testkit.TestDisk;
import dev.moorage.volume.ByteSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files that are restored into, on filesystems that can be written past the page cache and on others. */
@Tag("root")
final class RestoreTargetTest {

  private static final int BLOCK = 64 << 10;
  private static final int UNWRITTEN = 0x800;

  private static Path file(TestDisk disk, long bytes) throws IOException {
    Path file = disk.directory().resolve("image");
    Command.of("truncate", "-s", Long.toString(bytes), file.toString()).run();
    return file;
  }

  private static byte[] random(int bytes) {
    byte[] content = new byte[bytes];
    new Random(3).nextBytes(content);
    return content;
  }

  private static void write(RestoreTarget target, byte[] content, int offset, int length) throws IOException {
    ByteBuffer buffer = DirectFile.buffer(length, target.grain());
    target.write(offset, buffer.put(content, offset, length).flip());
  }

  /** From the last piece to the first, and others. */
  private static void writeInPieces(RestoreTarget target, byte[] content, int pieceBytes) throws IOException {
    List<Integer> offsets = new ArrayList<>();
    for (int offset = 0; offset < content.length; offset += pieceBytes) {
      offsets.addFirst(offset);
    }
    Collections.shuffle(offsets.subList(offsets.size() / 2, offsets.size()), new Random(5));
    for (int offset : offsets) {
      write(target, content, offset, Math.min(pieceBytes, content.length - offset));
    }
  }

  @Test
  void aRunThatIsWrittenInPiecesInAnyOrderIsOneExtent() throws IOException {
    try (TestDisk disk = TestDisk.make(TestDisk.Kind.XFS, ByteSize.parse("400M"))) {
      byte[] content = random(32 << 20);
      Path file = file(disk, 64 << 20);
      try (RestoreTarget target = RestoreTarget.open(file, BLOCK)) {
        assertThat(target.isDirect()).isTrue();
        target.claim(0, content.length);
        assertThat(FileOps.extents(file)).extracting(FileOps.Extent::flags).allMatch(flags -> (flags & UNWRITTEN) != 0);
        writeInPieces(target, content, BLOCK);
        target.flush();
      }
      assertThat(FileOps.extents(file)).hasSize(1).extracting(FileOps.Extent::flags).noneMatch(flags -> (flags & UNWRITTEN) != 0);
      assertThat(FileOps.allocated(file)).isEqualTo(content.length);
      assertContent(file, content);
    }
  }

  private static void assertContent(Path file, byte[] content) throws IOException {
    Path expected = Files.write(file.resolveSibling("expected"), content);
    Command.of("truncate", "-s", Long.toString(Files.size(file)), expected.toString()).run();
    assertThat(Files.mismatch(file, expected)).isEqualTo(-1);
  }

  @ParameterizedTest
  @EnumSource
  void whatDoesNotEndAtABlockOfTheFilesystemIsWrittenToItsLastByte(TestDisk.Kind kind) throws IOException {
    try (TestDisk disk = TestDisk.make(kind, ByteSize.parse("400M"))) {
      for (int length : List.of(1, 4095, 4096, 4097, BLOCK - 1, 3 * BLOCK + 12345)) {
        byte[] content = random(length);
        Path file = file(disk, length);
        try (RestoreTarget target = RestoreTarget.open(file, BLOCK)) {
          target.claim(0, length);
          writeInPieces(target, content, BLOCK);
          target.flush();
        }
        assertThat(file).hasBinaryContent(content);
        Files.delete(file);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TMPFS", "BTRFS"})
  void otherFilesystemsAreWrittenThroughThePageCacheAndClaimNothing(TestDisk.Kind kind) throws IOException {
    try (TestDisk disk = TestDisk.make(kind, ByteSize.parse("400M"))) {
      byte[] content = random(4 << 20);
      Path file = file(disk, 16 << 20);
      try (RestoreTarget target = RestoreTarget.open(file, BLOCK)) {
        assertThat(target.isDirect()).isFalse();
        target.claim(0, 16 << 20);
        assertThat(FileOps.allocated(file)).isZero();
        writeInPieces(target, content, BLOCK);
        target.flush();
      }
      assertContent(file, content);
    }
  }

  @Test
  void blocksThatAreSmallerThanThoseOfTheFilesystemAreWrittenThroughThePageCache() throws IOException {
    try (TestDisk disk = TestDisk.make(TestDisk.Kind.XFS, ByteSize.parse("400M"))) {
      byte[] content = random(20_000);
      Path file = file(disk, content.length);
      try (RestoreTarget target = RestoreTarget.open(file, 512)) {
        assertThat(target.isDirect()).isFalse();
        writeInPieces(target, content, 512);
      }
      assertThat(file).hasBinaryContent(content);
    }
  }

  @Test
  void aFilesystemThatCannotClaimRoomIsWrittenThroughThePageCache() throws IOException {
    try (TestDisk disk = TestDisk.make(TestDisk.Kind.EXT4, ByteSize.parse("64M"), List.of("-O", "^extent,^64bit"))) {
      byte[] content = random(4 << 20);
      Path file = file(disk, 8 << 20);
      try (RestoreTarget target = RestoreTarget.open(file, BLOCK)) {
        target.claim(0, content.length);
        assertThat(target.isDirect()).as("after a claim was refused").isFalse();
        writeInPieces(target, content, BLOCK);
        target.flush();
      }
      assertContent(file, content);
    }
  }

  @Test
  void aDiskWithTooLittleRoomSaysSoAndKeepsTheSizeOfTheFile() throws IOException {
    try (TestDisk disk = TestDisk.make(TestDisk.Kind.XFS, ByteSize.parse("400M"))) {
      Path file = file(disk, 1L << 30);
      try (RestoreTarget target = RestoreTarget.open(file, BLOCK)) {
        assertThatThrownBy(() -> target.claim(0, 1L << 30)).isInstanceOfSatisfying(ErrnoException.class,
            e -> assertThat(e.errno()).isEqualTo(Errno.ENOSPC));
      }
      assertThat(file).hasSize(1L << 30);
    }
  }
}
