package dev.moorage.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.Listing;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.process.Command;
import dev.moorage.repository.Upload.Relative;
import dev.moorage.repository.Upload.Sharing;
import dev.moorage.repository.backup.BackupStats;
import dev.moorage.repository.gc.CollectionProgress;
import dev.moorage.repository.gc.CollectionSettings;
import dev.moorage.repository.gc.Usage;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.key.KeyFile;
import dev.moorage.repository.key.UnlockSecret;
import dev.moorage.repository.restore.Restore;
import dev.moorage.repository.verify.Verifier;
import dev.moorage.repository.verify.VerifyDepth;
import dev.moorage.testkit.TestDisk;
import dev.moorage.testkit.objectstore.FaultyStore;
import dev.moorage.testkit.objectstore.ModelObjectStore;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.DedupScope;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Goal: what a relative has, or on request anybody, is not stored again, also when it has moved; and whoever is forgotten, damaged or
 * collected, all else restores. Method: volumes of random blocks, of which some are copies of others.
 */
@Tag("root")
final class SharedContentTest {

  private static final int BLOCK = 16 << 10;
  private static final int BLOCKS = 500;
  private static final UnlockSecret SECRET = new KeyFile(new byte[KeyFile.BYTES_MIN]);
  private static final CollectionSettings AT_ONCE = new CollectionSettings("test", Duration.ofDays(7), Duration.ZERO, 2);

  private final ModelObjectStore store = new ModelObjectStore();
  private final Random random = new Random(3);

  @SuppressWarnings("NullAway.Init")
  private TestDisk disk;

  @SuppressWarnings("NullAway.Init")
  private Repository repository;

  private int images;

  @BeforeEach
  void open() throws IOException {
    disk = TestDisk.make(TestDisk.Kind.XFS, ByteSize.parse("1G"));
    repository = Repository.create(store, new Repository.Creation(BLOCK, SECRET, "test"), Clock.systemUTC()).repository();
  }

  @AfterEach
  void close() {
    disk.close();
  }

  /** An image of random blocks. */
  private Path image() throws IOException {
    Path image = disk.directory().resolve("image-" + ++images);
    byte[] bytes = new byte[BLOCK * BLOCKS];
    random.nextBytes(bytes);
    return Files.write(image, bytes);
  }

  /** A copy of an image whose blocks stand so many blocks further on; some blocks in it are new. */
  private Path copy(Path of, int shift, int written) throws IOException {
    Path image = disk.directory().resolve("image-" + ++images);
    byte[] bytes = Files.readAllBytes(of);
    byte[] block = new byte[BLOCK];
    try (FileChannel channel = FileChannel.open(image, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes), (long) shift * BLOCK);
      for (int i = 0; i < written; i++) {
        random.nextBytes(block);
        channel.write(ByteBuffer.wrap(block), random.nextInt(BLOCKS) * (long) BLOCK);
      }
      channel.force(true);
    }
    return image;
  }

  private SnapshotEntry upload(VolumeId volume, Path image, long known, Sharing sharing) throws IOException {
    return upload(SnapshotId.random(), volume, image, known, sharing, new ArrayList<>());
  }

  private SnapshotEntry upload(SnapshotId id, VolumeId volume, Path image, long known, Sharing sharing, List<Upload.Attempt> attempts)
      throws IOException {
    SnapshotEntry.Origin origin = new SnapshotEntry.Origin(new PoolId(volume.value()), "host", Owner.DOCKER, new VolumeName("db"),
        new SnapshotName("cut" + known), volume, Optional.empty());
    Upload upload = new Upload(id, volume, origin, Instant.now(), Map.of(), image, Optional.empty(), sharing, false, known, attempts,
        disk.directory().resolve("spool"));
    return ((Upload.Outcome.Committed) repository.upload(upload, attempts::add, new BackupStats())).entry();
  }

  private static Sharing with(VolumeId relative) {
    return new Sharing(List.of(new Relative(VolumeId.random(), 3), new Relative(relative, 0)), DedupScope.LINEAGE, 0);
  }

  private static long stored(SnapshotEntry entry) {
    return entry.figures().getOrDefault("blocksStored", -1L);
  }

  private void assertRestores(SnapshotEntry entry, Path expected) throws IOException {
    Path target = Files.createTempFile(disk.directory(), "restored", "");
    Command.of("truncate", "-s", Long.toString(entry.size()), target.toString()).run();
    repository.restore(entry.seat(), target, target.resolveSibling(target.getFileName() + ".journal"), "test",
        new Restore.Settings(4, true, _ -> { }));
    assertThat(Files.mismatch(target, expected)).isEqualTo(-1);
  }

  private void forget(SnapshotEntry entry) throws IOException {
    repository.history().forget(entry.seat(), "test");
    for (int i = 0; i < 3; i++) {
      repository.collect(AT_ONCE, CollectionProgress.NONE);
    }
  }

  @Test
  void aRelativeStoresWhatIsItsOwnAndOutlivesTheOther() throws IOException {
    VolumeId origin = VolumeId.random();
    Path first = image();
    SnapshotEntry parent = upload(origin, first, 0, Sharing.OWN);
    Path clone = copy(first, 0, 5);
    SnapshotEntry kin = upload(VolumeId.random(), clone, 0, with(origin));
    assertThat(stored(kin)).isBetween(1L, 5L);
    assertThat(kin.parent()).as("its own history has none").isEmpty();

    Usage usage = repository.accounting(CollectionProgress.NONE).usage();
    assertThat(usage.shared().bytes()).as("counted once, and as shared").isGreaterThan(usage.all().bytes() / 2);
    assertThat(repository.accounting(CollectionProgress.NONE).freedBy(Set.of(parent.seat())).bytes()).isLessThan(usage.all().bytes() / 10);

    forget(parent);
    assertRestores(kin, clone);
    assertThat(repository.verify(new Verifier.Settings(VerifyDepth.BYTES, 1, 0, _ -> { })).findings()).isEmpty();
    forget(kin);
    assertThat(store.list("packs/", Optional.empty(), 1000).objects()).isEmpty();
  }

  @Test
  void contentOfARelativeThatMovedIsFoundAndTheNamedSeatIsPreferred() throws IOException {
    VolumeId origin = VolumeId.random();
    Path first = image();
    SnapshotEntry old = upload(origin, first, 0, Sharing.OWN);
    upload(origin, image(), old.seat().seq(), Sharing.OWN);
    Path moved = copy(first, 7, 3);
    Sharing sharing = new Sharing(List.of(new Relative(origin, old.seat().seq())), DedupScope.LINEAGE, 0);
    SnapshotEntry kin = upload(VolumeId.random(), moved, 0, sharing);
    assertThat(stored(kin)).isBetween(1L, 3L);
    assertRestores(kin, moved);
    assertThat(stored(upload(VolumeId.random(), moved, 0, with(origin)))).as("the newest has nothing of it").isGreaterThan(400);
  }

  @Test
  void onRequestContentIsFoundInTheWholeRepository() throws IOException {
    Path image = image();
    upload(VolumeId.random(), image, 0, Sharing.OWN);
    SnapshotEntry doomed = upload(VolumeId.random(), copy(image, 0, 100), 0, Sharing.OWN);
    forget(doomed);
    Path same = copy(image, 3, 2);
    assertThat(stored(upload(VolumeId.random(), same, 0, Sharing.OWN))).as("not asked for").isGreaterThan(400);
    SnapshotEntry found = upload(VolumeId.random(), copy(image, 11, 0), 0, new Sharing(List.of(), DedupScope.REPOSITORY, 0));
    assertThat(stored(found)).isZero();
    assertRestores(found, copy(image, 11, 0));
  }

  @Test
  void whatMovedWithinAVolumeIsFoundWhenMuchIsRead() throws IOException {
    VolumeId volume = VolumeId.random();
    Path image = image();
    SnapshotEntry first = upload(volume, image, 0, Sharing.OWN);
    Path moved = copy(image, 9, 0);
    SnapshotEntry second = upload(volume, moved, first.seat().seq(), new Sharing(List.of(), DedupScope.LINEAGE, Files.size(moved)));
    assertThat(stored(second)).isZero();
    assertRestores(second, moved);
  }

  /** Of the relative first all footers are lost, and then its map as well: neither is a reason not to store the volume. */
  @Test
  void aRelativeThatIsDamagedIsOnlyOfNoUse() throws IOException {
    VolumeId origin = VolumeId.random();
    Path first = image();
    SnapshotEntry parent = upload(origin, first, 0, Sharing.OWN);
    Path moved = copy(first, 7, 0);
    ObjectKey map = new ObjectKey(parent.root().getFirst().pack().key());
    for (Listing.Entry each : store.list("packs/", Optional.empty(), 1000).objects()) {
      if (!each.key().equals(map)) {
        cutShort(each.key());
      }
    }
    SnapshotEntry kin = upload(VolumeId.random(), moved, 0, with(origin));
    assertThat(stored(kin)).isGreaterThanOrEqualTo(BLOCKS);
    assertRestores(kin, moved);
    cutShort(map);
    SnapshotEntry other = upload(VolumeId.random(), moved, 0, with(origin));
    assertRestores(other, moved);
  }

  /** The way to have whole snapshots again after a block was damaged. */
  @Test
  void withoutSharingAllIsStoredAnew() throws IOException {
    VolumeId volume = VolumeId.random();
    Path image = image();
    SnapshotEntry first = upload(volume, image, 0, Sharing.OWN);
    List<Listing.Entry> old = store.list("packs/", Optional.empty(), 1000).objects();
    SnapshotEntry anew = upload(volume, image, first.seat().seq(), new Sharing(List.of(), DedupScope.NONE, Files.size(image)));
    assertThat(stored(anew)).isEqualTo(BLOCKS);
    for (Listing.Entry each : old) {
      cutShort(each.key());
    }
    assertRestores(anew, image);
    SnapshotEntry next = upload(volume, image, anew.seat().seq(), Sharing.OWN);
    assertThat(stored(next)).as("built upon the whole one").isZero();
    assertRestores(next, image);
  }

  /** Every few calls fail, some after they had their effect; each time the host starts again, as after a crash. */
  @Test
  void aFirstUploadThatIsInterruptedAgainAndAgainStoresNothingTwiceEither() throws IOException {
    VolumeId origin = VolumeId.random();
    Path first = image();
    upload(origin, first, 0, Sharing.OWN);
    Repository calm = repository;
    FaultyStore faulty = new FaultyStore(store, 5, FaultyStore.Faults.all(60));
    VolumeId volume = VolumeId.random();
    Path clone = copy(first, 4, 60);
    SnapshotId id = SnapshotId.random();
    List<Upload.Attempt> attempts = new ArrayList<>();
    Optional<SnapshotEntry> entry = Optional.empty();
    int tries = 0;
    while (entry.isEmpty()) {
      assertThat(++tries).isLessThan(200);
      try {
        repository = Repository.open(faulty, SECRET, Clock.systemUTC());
        entry = Optional.of(upload(id, volume, clone, 0, with(origin), attempts));
      } catch (IOException e) {
        // As a crash: what the disk remembers stays, the process is another one.
      }
    }
    assertThat(tries).isGreaterThan(1);
    repository = calm;
    assertThat(stored(entry.get())).isLessThanOrEqualTo(60);
    assertRestores(entry.get(), clone);
  }

  private void cutShort(ObjectKey key) throws IOException {
    byte[] head = new byte[100];
    try (ObjectStream stream = store.get(key)) {
      assertThat(stream.readNBytes(head, 0, head.length)).isEqualTo(head.length);
    }
    store.delete(key);
    store.putIfAbsent(key, Content.of(head));
  }
}
