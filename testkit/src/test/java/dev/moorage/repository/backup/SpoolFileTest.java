package dev.moorage.repository.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.process.Command;
import dev.moorage.testkit.TestDisk;
import dev.moorage.volume.ByteSize;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Packs on their way, on filesystems that can be written past the page cache and on others. */
@Tag("root")
final class SpoolFileTest {

  private final ByteBuffer chunk = SpoolFile.chunk();
  private final Random random = new Random(11);

  @ParameterizedTest
  @EnumSource(TestDisk.Kind.class)
  void everyLengthComesOutAsItWentIn(TestDisk.Kind kind) throws IOException {
    try (TestDisk disk = TestDisk.make(kind, ByteSize.parse("400M"))) {
      for (int length : new int[] {0, 1, 4095, 4096, 4097, 65_536, (512 << 10) - 1, 512 << 10, (512 << 10) + 1, 3_000_003}) {
        Path path = disk.directory().resolve("pack" + length);
        byte[] expected = write(path, length);
        assertThat(Files.readAllBytes(path)).as("%d bytes on %s", length, kind).isEqualTo(expected);
      }
    }
  }

  /** In pieces of every size, as blobs are. */
  private byte[] write(Path path, int length) throws IOException {
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    SpoolFile file = SpoolFile.create(path, chunk);
    while (expected.size() < length) {
      byte[] piece = new byte[Math.min(length - expected.size(), 1 + random.nextInt(700_000))];
      random.nextBytes(piece);
      assertThat(file.write(ByteBuffer.wrap(piece))).isEqualTo(piece.length);
      expected.writeBytes(piece);
    }
    file.finish();
    assertThat(file.isOpen()).isFalse();
    return expected.toByteArray();
  }

  @Test
  void itIsWrittenPastThePageCacheWhereThatCanBe() throws IOException {
    try (TestDisk disk = TestDisk.make(TestDisk.Kind.XFS, ByteSize.parse("400M"))) {
      Path path = disk.directory().resolve("pack");
      byte[] expected = write(path, 2 << 20);
      assertThat(Command.of("fincore", "--noheadings", "--output", "PAGES", path.toString()).run().strip()).isEqualTo("0");
      assertThat(Files.readAllBytes(path)).isEqualTo(expected);
    }
  }

  @Test
  void aFileThatIsThereIsLeftAlone() throws IOException {
    try (TestDisk disk = TestDisk.make(TestDisk.Kind.XFS, ByteSize.parse("400M"))) {
      Path path = Files.writeString(disk.directory().resolve("pack"), "another's");
      assertThatThrownBy(() -> SpoolFile.create(path, chunk)).isInstanceOf(FileAlreadyExistsException.class);
      assertThat(path).hasContent("another's");
    }
  }

  @Test
  void aFullDiskIsAnError() throws IOException {
    try (TestDisk disk = TestDisk.make(TestDisk.Kind.XFS, ByteSize.parse("400M"));
        SpoolFile file = SpoolFile.create(disk.directory().resolve("pack"), chunk)) {
      byte[] piece = new byte[1 << 20];
      Arrays.fill(piece, (byte) 7);
      assertThatThrownBy(() -> {
        for (int written = 0; written < 500; written++) {
          file.write(ByteBuffer.wrap(piece));
        }
      }).isInstanceOf(IOException.class).hasMessageContaining("No space left");
    }
  }
}
