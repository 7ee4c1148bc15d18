package dev.moorage.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.linux.FileOps;
import dev.moorage.process.Command;
import dev.moorage.testkit.TestDisk;
import dev.moorage.volume.ByteSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What may have changed is found, whatever the extent maps look like: the traps of FIEMAP on real XFS and Btrfs. */
@Tag("root")
final class ImageRangesTest {

  private static final int BLOCK = 4096;
  private static final long SIZE = 4L << 20;
  private static final int BLOCKS = (int) (SIZE / BLOCK);

  @SuppressWarnings("NullAway.Init")
  private TestDisk disk;

  @BeforeEach
  void makeDisk() {
    disk = TestDisk.make(TestDisk.Kind.XFS, ByteSize.parse("1G"));
  }

  @AfterEach
  void closeDisk() {
    disk.close();
  }

  private Path image(String name) throws IOException {
    Path image = disk.directory().resolve(name);
    Command.of("truncate", "-s", Long.toString(SIZE), image.toString()).run();
    return image;
  }

  private static void write(Path image, int block, int count, int value) throws IOException {
    byte[] bytes = new byte[count * BLOCK];
    Arrays.fill(bytes, (byte) value);
    try (FileChannel channel = FileChannel.open(image, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes), (long) block * BLOCK);
    }
  }

  private Path snapshot(Path image, String name) throws IOException {
    Path snapshot = disk.directory().resolve(name);
    FileOps.reflink(image, snapshot);
    FileOps.fsync(snapshot);
    return snapshot;
  }

  private static List<Range> all(Ranges ranges) throws IOException {
    List<Range> all = new ArrayList<>();
    try (ranges) {
      for (Range range = ranges.next(); range != null; range = ranges.next()) {
        all.add(range);
      }
      assertThat(ranges.confirm()).isTrue();
    }
    return all;
  }

  private static Range blocks(int first, int count) {
    return new Range((long) first * BLOCK, (long) count * BLOCK);
  }

  @Test
  void anEmptyImageHoldsNothingAndDataIsListedInWholeRuns() throws IOException {
    Path image = image("a");
    assertThat(all(ImageRanges.held(image))).isEmpty();
    write(image, 3, 2, 1);
    write(image, 5, 1, 2);
    write(image, BLOCKS - 1, 1, 3);
    assertThat(all(ImageRanges.held(image))).containsExactly(blocks(3, 3), blocks(BLOCKS - 1, 1));
  }

  @Test
  void whatIsStillInThePageCacheIsFound() throws IOException {
    Path image = image("a");
    Path base = snapshot(image, "base");
    write(image, 7, 1, 9);
    assertThat(all(ImageRanges.changed(image, base))).containsExactly(blocks(7, 1));
  }

  @Test
  void sharedExtentsAreUnchangedAndAnOverwrittenBlockIsListedAlone() throws IOException {
    Path image = image("a");
    write(image, 0, 100, 1);
    Path base = snapshot(image, "base");
    assertThat(all(ImageRanges.changed(image, base))).isEmpty();
    write(image, 50, 1, 2);
    assertThat(all(ImageRanges.changed(snapshot(image, "now"), base))).contains(blocks(50, 1)).hasSize(1);
  }

  @Test
  void claimedAndNeverWrittenReadsAsAHole() throws IOException {
    Path image = image("a");
    Path base = snapshot(image, "base");
    FileOps.allocate(image, 0, SIZE);
    assertThat(all(ImageRanges.held(image))).isEmpty();
    assertThat(all(ImageRanges.changed(image, base))).isEmpty();
    write(image, 10, 1, 1);
    assertThat(all(ImageRanges.changed(image, base))).containsExactly(blocks(10, 1));
  }

  @Test
  void discardedBlocksAreListed() throws IOException {
    Path image = image("a");
    write(image, 0, 20, 1);
    Path base = snapshot(image, "base");
    FileOps.punchHole(image, 4 * BLOCK, 3 * BLOCK);
    assertThat(all(ImageRanges.changed(image, base))).containsExactly(blocks(4, 3));
  }

  @Test
  void anImageThatWasRewrittenElsewhereIsReadInFull() throws IOException {
    Path image = image("a");
    write(image, 0, 16, 1);
    Path base = snapshot(image, "base");
    Path defragmented = image("copy");
    write(defragmented, 0, 16, 1);
    assertThat(all(ImageRanges.changed(defragmented, base))).containsExactly(blocks(0, 16));
  }

  @Test
  void whatGrewIsListedWhereItHoldsSomething() throws IOException {
    Path image = image("a");
    write(image, 0, 4, 1);
    Path base = snapshot(image, "base");
    Command.of("truncate", "-s", Long.toString(2 * SIZE), image.toString()).run();
    write(image, BLOCKS + 5, 1, 1);
    assertThat(all(ImageRanges.changed(image, base))).containsExactly(blocks(BLOCKS + 5, 1));
    assertThatThrownBy(() -> ImageRanges.changed(base, image)).hasMessageContaining("larger");
  }

  @Test
  void aMapThatChangesDuringTheWalkIsNotConfirmed() throws IOException {
    Path image = image("a");
    write(image, 0, 8, 1);
    Path base = snapshot(image, "base");
    try (Ranges ranges = ImageRanges.changed(image, base)) {
      assertThat(ranges.next()).isNull();
      write(base, 2, 1, 5);
      assertThat(ranges.confirm()).isFalse();
    }
  }

  @Test
  void compressedExtentsAreNeverTrusted() throws IOException {
    try (TestDisk btrfs = TestDisk.make(TestDisk.Kind.BTRFS, ByteSize.parse("1G"))) {
      Path image = btrfs.directory().resolve("a");
      Command.of("touch", image.toString()).run();
      Command.of("btrfs", "property", "set", image.toString(), "compression", "zstd").run();
      Command.of("truncate", "-s", Long.toString(SIZE), image.toString()).run();
      write(image, 0, 32, 1);
      FileOps.fsync(image);
      Path base = btrfs.directory().resolve("base");
      FileOps.reflink(image, base);
      assertThat(all(ImageRanges.changed(image, base))).containsExactly(blocks(0, 32));
    }
  }

  /** Whatever is done to an image between two snapshots: each block that differs is in a range, and the ranges hold whole blocks. */
  @Test
  void noDifferenceIsEverMissed() throws IOException {
    for (long seed = 1; seed <= 40; seed++) {
      Random random = new Random(seed);
      Path image = image("image-" + seed);
      change(image, random, 30);
      Path base = snapshot(image, "base-" + seed);
      change(image, random, 1 + random.nextInt(20));
      Path now = snapshot(image, "now-" + seed);
      boolean[] listed = new boolean[BLOCKS];
      for (Range range : all(ImageRanges.changed(now, base))) {
        Arrays.fill(listed, (int) (range.offset() / BLOCK), (int) (range.end() / BLOCK), true);
      }
      byte[] before = Files.readAllBytes(base);
      byte[] after = Files.readAllBytes(now);
      for (int block = 0; block < BLOCKS; block++) {
        int from = block * BLOCK;
        if (!Arrays.equals(before, from, from + BLOCK, after, from, from + BLOCK)) {
          assertThat(listed[block]).as("seed %s: block %s differs", seed, block).isTrue();
        }
      }
    }
  }

  private static void change(Path image, Random random, int times) throws IOException {
    for (int i = 0; i < times; i++) {
      int block = random.nextInt(BLOCKS - 16);
      int count = 1 + random.nextInt(15);
      switch (random.nextInt(4)) {
        case 0 -> FileOps.punchHole(image, (long) block * BLOCK, (long) count * BLOCK);
        case 1 -> FileOps.allocate(image, (long) block * BLOCK, (long) count * BLOCK);
        default -> write(image, block, count, random.nextInt(256));
      }
    }
  }
}
