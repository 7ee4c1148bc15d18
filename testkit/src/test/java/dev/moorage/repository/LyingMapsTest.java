package dev.moorage.repository;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.linux.FileOps;
import dev.moorage.process.Command;
import dev.moorage.repository.backup.BackupStats;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.key.KeyFile;
import dev.moorage.repository.map.Leaf;
import dev.moorage.snapshot.ImageMaps;
import dev.moorage.snapshot.Range;
import dev.moorage.snapshot.Ranges;
import dev.moorage.testkit.TestDisk;
import dev.moorage.testkit.objectstore.ModelObjectStore;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.VolumeId;
import dev.moorage.volume.VolumeName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Extent maps that keep silent about changes: an upload that reads everything finds it out, and one whose maps tell the truth does not. */
@Tag("root")
final class LyingMapsTest {

  private static final int BLOCK = 16 << 10;
  /** Beyond one leaf, and with a last block that is cut short. */
  private static final long SIZE = (Leaf.BLOCKS + 100L) * BLOCK + 4096;

  private final Random random = new Random(17);
  private final VolumeId volume = VolumeId.random();
  private final PoolId pool = PoolId.random();

  @SuppressWarnings("NullAway.Init")
  private TestDisk disk;
  @SuppressWarnings("NullAway.Init")
  private Repository repository;
  @SuppressWarnings("NullAway.Init")
  private Path image;

  private Optional<Upload.Base> base = Optional.empty();
  private int cuts;

  @BeforeEach
  void make() throws IOException {
    disk = TestDisk.make(TestDisk.Kind.XFS, ByteSize.parse("1G"));
    repository = Repository.create(new ModelObjectStore(),
        new Repository.Creation(BLOCK, new KeyFile("the key of maps that do not tell.".getBytes(US_ASCII)), "test"), Clock.systemUTC()).repository();
    image = disk.directory().resolve("image");
    Files.createFile(image);
    Command.of("truncate", "-s", Long.toString(SIZE), image.toString()).run();
  }

  @AfterEach
  void close() {
    disk.close();
  }

  private void write(long block) throws IOException {
    byte[] bytes = new byte[4096];
    random.nextBytes(bytes);
    try (FileChannel channel = FileChannel.open(image, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes), block * BLOCK);
    }
  }

  private void punch(long block) throws IOException {
    Command.of("fallocate", "--punch-hole", "--offset", Long.toString(block * BLOCK), "--length", Integer.toString(BLOCK), image.toString()).run();
  }

  /** The maps of the filesystem, but for ranges of which they do not tell that they changed. */
  private record Silent(Predicate<Range> about) implements ImageMaps {

    @Override
    public Ranges held(Path file) throws IOException {
      return ImageMaps.ofFilesystem().held(file);
    }

    @Override
    public boolean areComparable(Path file, Path other) throws IOException {
      return ImageMaps.ofFilesystem().areComparable(file, other);
    }

    @Override
    public Ranges changed(Path file, Path other) throws IOException {
      Ranges all = ImageMaps.ofFilesystem().changed(file, other);
      return new Ranges() {
        @Override
        public @Nullable Range next() throws IOException {
          Range next = all.next();
          while (next != null && about.test(next)) {
            next = all.next();
          }
          return next;
        }

        @Override
        public boolean confirm() throws IOException {
          return all.confirm();
        }

        @Override
        public void close() throws IOException {
          all.close();
        }
      };
    }
  }

  private static Silent silentAbout(long block) {
    return new Silent(range -> range.offset() / BLOCK <= block && block < Math.ceilDiv(range.end(), BLOCK));
  }

  /** The maps of the filesystem, of which the first that is walked through is seen to change meanwhile. */
  private static final class Unsettled implements ImageMaps {

    private boolean settled;

    @Override
    public Ranges held(Path file) throws IOException {
      return unsettled(ImageMaps.ofFilesystem().held(file));
    }

    @Override
    public boolean areComparable(Path file, Path other) throws IOException {
      return ImageMaps.ofFilesystem().areComparable(file, other);
    }

    @Override
    public Ranges changed(Path file, Path other) throws IOException {
      return unsettled(ImageMaps.ofFilesystem().changed(file, other));
    }

    private Ranges unsettled(Ranges all) {
      return new Ranges() {
        @Override
        public @Nullable Range next() throws IOException {
          return all.next();
        }

        @Override
        public boolean confirm() throws IOException {
          boolean before = settled;
          settled = true;
          return before && all.confirm();
        }

        @Override
        public void close() throws IOException {
          all.close();
        }
      };
    }
  }

  /** The first upload of a volume and a later one. */
  @Test
  void whenAMapChangesWhileItIsReadEverythingIsReadOnceMore() throws IOException {
    for (int block = 1; block <= 2; block++) {
      write(block);
      Unsettled maps = new Unsettled();
      SnapshotEntry entry = upload(false, maps);
      assertThat(maps.settled).isTrue();
      assertThat(entry.figures().getOrDefault("bytesRead", 0L)).as("more than it holds").isGreaterThan((long) block * BLOCK);
      assertThat(repository.snapshots()).first().isEqualTo(entry);
    }
  }

  private SnapshotEntry upload(boolean readsAll, ImageMaps maps) throws IOException {
    Path cut = disk.directory().resolve("cut-" + ++cuts);
    FileOps.reflink(image, cut);
    FileOps.fsync(cut);
    SnapshotEntry.Origin origin = new SnapshotEntry.Origin(pool, "a", new Owner("docker"), new VolumeName("db"), new SnapshotName("cut" + cuts),
        volume, Optional.empty());
    Upload upload = new Upload(SnapshotId.random(), volume, origin, Instant.now(), Map.of(), cut, base, Upload.Sharing.OWN,
        readsAll, base.map(Upload.Base::seq).orElse(0L), List.of(), disk.directory().resolve("spool"));
    SnapshotEntry entry = ((Upload.Outcome.Committed) repository.upload(upload, _ -> { }, new BackupStats(), maps)).entry();
    base = Optional.of(new Upload.Base(cut, entry.seat().seq()));
    return entry;
  }

  private static long unexplained(SnapshotEntry entry) {
    return entry.figures().getOrDefault(BackupStats.UNEXPLAINED, 0L);
  }

  @Test
  void mapsThatTellTheTruthRaiseNoAlarm() throws IOException {
    for (int i = 0; i < 300; i++) {
      write(random.nextInt(Leaf.BLOCKS + 100));
    }
    upload(false, ImageMaps.ofFilesystem());
    for (int round = 0; round < 12; round++) {
      for (int i = 0; i < 10; i++) {
        write(random.nextInt(Leaf.BLOCKS + 100));
        punch(random.nextInt(Leaf.BLOCKS + 100));
      }
      if (round == 5) {
        Command.of("truncate", "-s", Long.toString(SIZE + 3L * Leaf.BLOCKS * BLOCK), image.toString()).run();
        write(2L * Leaf.BLOCKS);
      }
      if (round == 8) {
        punch(2L * Leaf.BLOCKS);
      }
      assertThat(unexplained(upload(round % 3 != 0, ImageMaps.ofFilesystem()))).isZero();
    }
  }

  @Test
  void aChangeOfWhichTheMapDoesNotTellIsFound() throws IOException {
    write(7);
    write(Leaf.BLOCKS + 3);
    upload(false, ImageMaps.ofFilesystem());
    write(7);
    write(9);
    assertThat(unexplained(upload(true, silentAbout(7)))).isEqualTo(1);
    write(12);
    assertThat(unexplained(upload(true, silentAbout(12)))).as("what was zeros").isEqualTo(1);
    punch(9);
    assertThat(unexplained(upload(true, silentAbout(9)))).as("what became a hole").isEqualTo(1);
    punch(Leaf.BLOCKS + 3);
    assertThat(unexplained(upload(true, silentAbout(Leaf.BLOCKS + 3)))).as("a leaf of which nothing is left").isEqualTo(1);
    write(7);
    assertThat(unexplained(upload(true, ImageMaps.ofFilesystem()))).isZero();
  }

  @Test
  void whatAnIncrementalUploadMissedIsFoundByTheNextThatReadsEverything() throws IOException {
    write(7);
    write(20);
    upload(false, ImageMaps.ofFilesystem());
    write(7);
    write(20);
    assertThat(unexplained(upload(false, silentAbout(7)))).as("it cannot know").isZero();
    SnapshotEntry found = upload(true, ImageMaps.ofFilesystem());
    assertThat(unexplained(found)).isEqualTo(1);
    assertThat(found.figures()).as("and mends it").containsEntry("blocksStored", 1L);
  }
}
