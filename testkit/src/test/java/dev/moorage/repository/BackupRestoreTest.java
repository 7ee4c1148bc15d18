package dev.moorage.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.linux.FileOps;
import dev.moorage.objectstore.ForwardingStore;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.process.Command;
import dev.moorage.repository.backup.Backup;
import dev.moorage.repository.backup.BackupStats;
import dev.moorage.repository.backup.ImageSource;
import dev.moorage.repository.backup.ReusablePacks;
import dev.moorage.repository.key.KeyRing;
import dev.moorage.repository.map.Leaf;
import dev.moorage.repository.map.LeafCodec;
import dev.moorage.repository.map.Root;
import dev.moorage.repository.map.RootCodec;
import dev.moorage.repository.pack.BlobRef;
import dev.moorage.repository.pack.StoredBlobs;
import dev.moorage.repository.restore.Restore;
import dev.moorage.repository.restore.RestoreJournal;
import dev.moorage.snapshot.ImageRanges;
import dev.moorage.snapshot.Ranges;
import dev.moorage.testkit.TestDisk;
import dev.moorage.testkit.objectstore.ModelObjectStore;
import dev.moorage.volume.ByteSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random histories of an image: whatever is done to it, each snapshot that was stored restores bit for bit. */
@Tag("root")
final class BackupRestoreTest {

  private static final int BLOCK = 16 << 10;
  private static final int PAGE = 4096;
  private static final int UNWRITTEN = 0x800;

  private final KeyRing ring = KeyRing.create(RepositoryId.random(new SecureRandom()), new SecureRandom());
  private final ObjectStore store = new ModelObjectStore();

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

  @Test
  void everySnapshotOfARandomHistoryRestoresBitForBit() throws IOException {
    for (long seed = 1; seed <= 12; seed++) {
      history(new Random(seed), Files.createDirectory(disk.directory().resolve("seed-" + seed)));
    }
  }

  private record Stored(Path image, Root root, List<BlobRef> parts) {}

  private void history(Random random, Path directory) throws IOException {
    Path image = directory.resolve("image");
    Files.createFile(image);
    resize(image, (1 + random.nextInt(40)) * (long) PAGE * 100);
    @Nullable Stored parent = null;
    for (int i = 0; i < 8; i++) {
      change(image, random);
      Path snapshot = directory.resolve("snapshot-" + i);
      FileOps.reflink(image, snapshot);
      FileOps.fsync(snapshot);
      boolean incremental = parent != null && random.nextInt(4) > 0;
      parent = store(snapshot, parent, incremental, Files.createDirectory(directory.resolve("spool-" + i)));
      restore(parent.root, directory.resolve("restored-" + i), snapshot);
    }
  }

  private Stored store(Path snapshot, @Nullable Stored parent, boolean incremental, Path spool) throws IOException {
    BackupStats stats = new BackupStats();
    try (ImageSource source = ImageSource.open(snapshot, BLOCK);
        Ranges ranges = incremental && parent != null ? ImageRanges.changed(snapshot, parent.image) : ImageRanges.held(snapshot)) {
      Backup.Request request = new Backup.Request(source, ranges, BLOCK, parent == null ? null : parent.root,
          parent == null ? List.of() : parent.parts, incremental, null, SessionId.random(new SecureRandom()), ReusablePacks.none(), spool);
      List<BlobRef> parts = new Backup(store, ring, request, stats).run();
      assertThat(spool).isEmptyDirectory();
      try (StoredBlobs blobs = new StoredBlobs(store, ring)) {
        return new Stored(snapshot, RootCodec.read("root", parts, blobs::read), parts);
      }
    }
  }

  private void restore(Root root, Path target, Path expected) throws IOException {
    Files.createFile(target);
    resize(target, root.volumeBytes());
    RestoreJournal journal = RestoreJournal.open(target.resolveSibling(target.getFileName() + ".json"), "s");
    AtomicLong restored = new AtomicLong(-1);
    ObjectStore watched = new ForwardingStore(store) {
      @Override
      public ObjectStream getRange(ObjectKey key, long offset, int length) throws ObjectStoreException {
        assertThat(restored.get()).as("what is still to be read is not restored").isLessThan(root.volumeBytes());
        return super.getRange(key, offset, length);
      }
    };
    new Restore(watched, ring, root, new Restore.Settings(4, true,
        bytes -> assertThat(restored.getAndSet(bytes)).isLessThanOrEqualTo(bytes))).into(target, journal);
    assertThat(restored).hasValue(root.volumeBytes());
    assertThat(Files.mismatch(target, expected)).isEqualTo(-1);
    assertThat(FileOps.allocated(target)).as("holes stay holes").isLessThanOrEqualTo(FileOps.allocated(expected) + 64 * BLOCK);
    assertThat(FileOps.extents(target)).as("all that is claimed is written").noneMatch(each -> (each.flags() & UNWRITTEN) != 0);
    assertThat(FileOps.extentCount(target)).as("what follows each other is one extent").isLessThanOrEqualTo(runs(root) + 1);
  }

  /** How often data begins behind a hole. */
  private long runs(Root root) throws IOException {
    long runs = 0;
    long end = -1;
    try (StoredBlobs blobs = new StoredBlobs(store, ring)) {
      for (int position = 0; position < root.leafCount(); position++) {
        BlobRef ref = root.leafRef(position);
        byte[] text = blobs.read(ref);
        Leaf leaf = LeafCodec.decode(ref.toString(), root.leafIndex(position), text, text.length);
        for (int slot = 0; slot < Leaf.BLOCKS; slot++) {
          long block = (long) leaf.index() * Leaf.BLOCKS + slot;
          runs += leaf.isPresent(slot) && block != end ? 1 : 0;
          end = leaf.isPresent(slot) ? block + 1 : end;
        }
      }
    }
    return runs;
  }

  private static void resize(Path file, long bytes) throws IOException {
    Command.of("truncate", "-s", Long.toString(bytes), file.toString()).run();
  }

  private static void change(Path image, Random random) throws IOException {
    if (random.nextInt(4) == 0) {
      resize(image, Files.size(image) + random.nextInt(50) * (long) PAGE);
    }
    int pages = (int) (Files.size(image) / PAGE);
    int times = random.nextInt(12);
    for (int i = 0; i < times; i++) {
      int page = random.nextInt(pages);
      int count = Math.min(pages - page, 1 + random.nextInt(40));
      switch (random.nextInt(5)) {
        case 0 -> FileOps.punchHole(image, (long) page * PAGE, (long) count * PAGE);
        case 1 -> write(image, page, new byte[count * PAGE]);
        case 2 -> write(image, page, repeated(count, random.nextInt(3)));
        default -> {
          byte[] bytes = new byte[count * PAGE];
          random.nextBytes(bytes);
          write(image, page, bytes);
        }
      }
    }
  }

  /** The same pages again and again, so that there is something to find twice. */
  private static byte[] repeated(int pages, int which) {
    byte[] bytes = new byte[pages * PAGE];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i % PAGE % 251 + which);
    }
    return bytes;
  }

  private static void write(Path image, int page, byte[] bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(image, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer, (long) page * PAGE + buffer.position());
      }
    }
  }
}
