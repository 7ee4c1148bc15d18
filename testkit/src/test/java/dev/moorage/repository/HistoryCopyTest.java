package dev.moorage.repository;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ForwardingStore;
import dev.moorage.objectstore.Listing;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.Version;
import dev.moorage.process.Command;
import dev.moorage.repository.HistoryCopy.Outcome;
import dev.moorage.repository.backup.BackupStats;
import dev.moorage.repository.gc.CollectionProgress;
import dev.moorage.repository.gc.CollectionReport;
import dev.moorage.repository.gc.CollectionSettings;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.key.KeyFile;
import dev.moorage.repository.restore.Restore;
import dev.moorage.repository.verify.Verifier;
import dev.moorage.repository.verify.VerifyDepth;
import dev.moorage.testkit.TestDisk;
import dev.moorage.testkit.objectstore.EndingStore;
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
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Copies from one repository into another: what arrives, what it costs, and what an interruption leaves. */
@Tag("root")
final class HistoryCopyTest {

  private static final int BLOCK = 16 << 10;
  private static final int BLOCKS = 512;
  private static final Clock CLOCK = Clock.systemUTC();
  private static final KeyFile HERE = new KeyFile("the key of the one repository...".getBytes(US_ASCII));
  private static final KeyFile THERE = new KeyFile("the key of the other repository.".getBytes(US_ASCII));

  private final ModelObjectStore here = new ModelObjectStore();
  private final ModelObjectStore there = new ModelObjectStore();
  private final Random random = new Random(3);
  private final VolumeId volume = VolumeId.random();
  private final PoolId pool = PoolId.random();
  private final List<SnapshotEntry> originals = new ArrayList<>();
  private final List<Path> images = new ArrayList<>();

  @SuppressWarnings("NullAway.Init")
  private TestDisk disk;
  @SuppressWarnings("NullAway.Init")
  private Repository from;
  @SuppressWarnings("NullAway.Init")
  private Repository to;

  @BeforeEach
  void make() throws IOException {
    disk = TestDisk.make(TestDisk.Kind.XFS, ByteSize.parse("1G"));
    from = Repository.create(here, new Repository.Creation(BLOCK, HERE, "here"), CLOCK).repository();
    to = Repository.create(there, new Repository.Creation(BLOCK, THERE, "there"), CLOCK).repository();
  }

  @AfterEach
  void close() {
    disk.close();
  }

  /** The next snapshot: the one before with so many random blocks written and a few cleared, perhaps larger. */
  private SnapshotEntry snapshot(int written, int cleared, long size) throws IOException {
    Path image = disk.directory().resolve("image-" + images.size());
    if (images.isEmpty()) {
      Files.createFile(image);
    } else {
      Files.copy(images.getLast(), image, StandardCopyOption.REPLACE_EXISTING);
    }
    Command.of("truncate", "-s", Long.toString(size), image.toString()).run();
    byte[] bytes = new byte[BLOCK];
    try (FileChannel channel = FileChannel.open(image, StandardOpenOption.WRITE)) {
      for (int i = 0; i < written; i++) {
        random.nextBytes(bytes);
        channel.write(ByteBuffer.wrap(bytes), random.nextInt(BLOCKS) * (long) BLOCK);
      }
      for (int i = 0; i < cleared; i++) {
        channel.write(ByteBuffer.allocate(BLOCK), random.nextInt(BLOCKS) * (long) BLOCK);
      }
      channel.force(true);
    }
    images.add(image);
    SnapshotEntry.Origin origin = new SnapshotEntry.Origin(pool, "a", new Owner("docker"), new VolumeName("db"),
        new SnapshotName("cut" + images.size()), volume, Optional.empty());
    long known = originals.isEmpty() ? 0 : originals.getLast().seat().seq();
    Upload upload = new Upload(SnapshotId.random(), volume, origin, Instant.now(), Map.of("filesystem", "ext4"), image, Optional.empty(),
        Upload.Sharing.OWN, false, known, List.of(), disk.directory().resolve("spool"));
    Upload.Outcome outcome = from.upload(upload, _ -> { }, new BackupStats());
    originals.add(((Upload.Outcome.Committed) outcome).entry());
    return originals.getLast();
  }

  private SnapshotEntry snapshot(int written) throws IOException {
    return snapshot(written, 2, (long) BLOCKS * BLOCK);
  }

  private HistoryCopy copying(Repository source, Repository target) {
    return source.copyTo(target, volume, "copier", disk.directory().resolve("copy-spool"));
  }

  private static SnapshotEntry copied(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Copied.class);
    return ((Outcome.Copied) outcome).copy();
  }

  private static Outcome copy(HistoryCopy copying, SnapshotEntry original, BackupStats stats) throws IOException {
    return copying.copy(original, stats, _ -> { });
  }

  private void restores(Repository repository, SnapshotEntry entry, Path expected) throws IOException {
    Path target = Files.createTempFile(disk.directory(), "restored", "");
    Command.of("truncate", "-s", Long.toString(entry.size()), target.toString()).run();
    repository.restore(entry.seat(), target, target.resolveSibling(target.getFileName() + ".journal"), "test",
        new Restore.Settings(4, true, _ -> { }));
    assertThat(Files.mismatch(target, expected)).isEqualTo(-1);
  }

  private void demandSound(Repository repository) throws IOException {
    assertThat(repository.verify(new Verifier.Settings(VerifyDepth.BYTES, 1, 0, _ -> { })).findings()).isEmpty();
  }

  private static List<ObjectKey> keys(ObjectStore store, String prefix) throws IOException {
    return store.list(prefix, Optional.empty(), 1000).objects().stream().map(Listing.Entry::key).toList();
  }

  @Test
  void everySnapshotArrivesAndTheSecondCopyCostsOnlyTheIncrement() throws IOException {
    snapshot(200);
    snapshot(10);
    List<SnapshotEntry> copies = new ArrayList<>();
    HistoryCopy first = copying(from, to);
    for (SnapshotEntry each : originals) {
      copies.add(copied(copy(first, each, new BackupStats())));
    }
    snapshot(7);
    HistoryCopy second = copying(Repository.open(here, HERE, CLOCK), Repository.open(there, THERE, CLOCK));
    BackupStats nothing = new BackupStats();
    for (int i = 0; i < 2; i++) {
      assertThat(copy(second, originals.get(i), nothing)).isEqualTo(new Outcome.Present(copies.get(i)));
    }
    assertThat(nothing.bytesRead()).isZero();
    BackupStats stats = new BackupStats();
    copies.add(copied(copy(second, originals.get(2), stats)));
    assertThat(stats.bytesRead()).as("what changed, and no more").isLessThanOrEqualTo(9L * BLOCK).isPositive();
    assertThat(stats.blocksStored()).isBetween(5L, 7L);
    for (int i = 0; i < 3; i++) {
      assertThat(copies.get(i).snapshot()).isEqualTo(originals.get(i).snapshot());
      assertThat(copies.get(i).origin()).isEqualTo(originals.get(i).origin());
      assertThat(copies.get(i).spec()).containsEntry("filesystem", "ext4")
          .containsEntry(HistoryCopy.COPIED_FROM, from.header().id().toString())
          .containsEntry(HistoryCopy.COPIED_SEQ, Integer.toString(i + 1));
      restores(to, copies.get(i), images.get(i));
    }
    demandSound(to);
    assertThat(keys(here, "sessions/").stream().filter(key -> !key.value().endsWith(".ended"))
        .allMatch(key -> keysOf(here).contains(key.value() + ".ended"))).as("every reader's session is ended").isTrue();
  }

  /** A clone's first copy sends what the copy of the other volume has not. */
  @Test
  void aCloneIsCopiedByWhatItDoesNotShare() throws IOException {
    snapshot(200);
    copied(copy(copying(from, to), originals.getFirst(), new BackupStats()));
    VolumeId clone = VolumeId.random();
    SnapshotEntry.Origin origin = new SnapshotEntry.Origin(pool, "a", new Owner("docker"), new VolumeName("clone"), new SnapshotName("cut"),
        volume, Optional.empty());
    Upload upload = new Upload(SnapshotId.random(), clone, origin, Instant.now(), Map.of(), images.getFirst(), Optional.empty(),
        new Upload.Sharing(List.of(new Upload.Relative(volume, 1)), DedupScope.LINEAGE, 0), false, 0, List.of(),
        disk.directory().resolve("spool"));
    SnapshotEntry original = ((Upload.Outcome.Committed) from.upload(upload, _ -> { }, new BackupStats())).entry();
    BackupStats stats = new BackupStats();
    SnapshotEntry copy = copied(copy(from.copyTo(to, clone, "copier", disk.directory().resolve("copy-spool")), original, stats));
    assertThat(stats.blocksStored()).isZero();
    restores(to, copy, images.getFirst());
    demandSound(to);
  }

  @Test
  void aRepositoryInWhichNothingMayBeCreatedIsCopied() throws IOException {
    snapshot(50);
    Repository readable = Repository.open(new ForwardingStore(here) {
      @Override
      public Optional<Version> putIfAbsent(ObjectKey key, Content content) throws ObjectStoreException {
        throw new ObjectStoreException.Denied("create " + key, "the disk is mounted read-only", "", null);
      }
    }, HERE, CLOCK);
    restores(to, copied(copy(copying(readable, to), originals.getFirst(), new BackupStats())), images.getFirst());
  }

  private static List<String> keysOf(ObjectStore store) {
    try {
      return keys(store, "sessions/").stream().map(ObjectKey::value).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aVolumeThatGrewAndOneOfAnotherBlockSizeArriveToo() throws IOException {
    ModelObjectStore large = new ModelObjectStore();
    Repository other = Repository.create(large, new Repository.Creation(4 * BLOCK, THERE, "there"), CLOCK).repository();
    snapshot(100, 0, (long) BLOCKS * BLOCK);
    snapshot(5, 5, (long) BLOCKS * BLOCK + 4096);
    snapshot(5, 5, 2L * BLOCKS * BLOCK);
    HistoryCopy same = copying(from, to);
    HistoryCopy coarse = copying(from, other);
    for (int i = 0; i < originals.size(); i++) {
      restores(to, copied(copy(same, originals.get(i), new BackupStats())), images.get(i));
      restores(other, copied(copy(coarse, originals.get(i), new BackupStats())), images.get(i));
    }
    demandSound(other);
    snapshot(3, 0, (long) BLOCKS * BLOCK);
    restores(to, copied(copy(same, originals.getLast(), new BackupStats())), images.getLast());
    HistoryCopy back = other.copyTo(Repository.create(new ModelObjectStore(), new Repository.Creation(BLOCK, HERE, "x"), CLOCK).repository(),
        volume, "copier", disk.directory().resolve("copy-spool"));
    assertThat(copy(back, other.snapshots().getLast(), new BackupStats())).isInstanceOf(Outcome.Copied.class);
  }

  @Test
  void copiesKeepTheOrderAndWhatWasForgottenStaysSo() throws IOException {
    snapshot(50);
    snapshot(5);
    snapshot(5);
    SnapshotEntry second = copied(copy(copying(from, to), originals.get(1), new BackupStats()));
    assertThat(copy(copying(from, to), originals.get(0), new BackupStats())).isEqualTo(new Outcome.TooOld(second));
    to.history().forget(second.seat(), "test");
    assertThat(copy(copying(from, to), originals.get(1), new BackupStats())).isEqualTo(new Outcome.Present(second));
    from.history().forget(originals.get(1).seat(), "test");
    SnapshotEntry third = copied(copy(copying(from, to), originals.get(2), new BackupStats()));
    restores(to, third, images.get(2));
    SnapshotEntry gone = originals.get(1);
    assertThatThrownBy(() -> copy(copying(from, Repository.create(new ModelObjectStore(), new Repository.Creation(BLOCK, HERE, "x"), CLOCK)
        .repository()), gone, new BackupStats())).isInstanceOf(ObjectStoreException.NoSuchObject.class);
  }

  @Test
  void aHistoryThatSomebodyWritesHimselfIsLeftAloneAndOneThatIsTakenOverToo() throws IOException {
    snapshot(20);
    assertThat(copy(copying(to, from), originals.getFirst(), new BackupStats())).as("it is there already").isInstanceOf(Outcome.Present.class);
    copied(copy(copying(from, to), originals.getFirst(), new BackupStats()));
    snapshot(5);
    to.history().takeover(volume, PoolId.random(), "heir");
    assertThat(copy(copying(from, to), originals.getLast(), new BackupStats())).isInstanceOf(Outcome.AnotherWriter.class);
    Repository third = Repository.create(new ModelObjectStore(), new Repository.Creation(BLOCK, HERE, "x"), CLOCK).repository();
    copied(copy(copying(from, third), originals.getFirst(), new BackupStats()));
    assertThat(copy(copying(to, third), to.snapshots().getFirst(), new BackupStats())).isInstanceOf(Outcome.Present.class);
  }

  /** Killed after ever more requests to the target: each time another process goes on, and in the end nothing was stored twice. */
  @Test
  void killedAgainAndAgainItGoesOnAndStoresNothingTwice() throws IOException {
    // Several packs, so that there is something to find.
    snapshot(BLOCKS);
    snapshot(100);
    int tries = 0;
    for (int requests = 1; ; requests += 1 + requests / 4) {
      assertThat(tries).isLessThan(100);
      boolean done = requests % 2 == 0;
      try {
        HistoryCopy copying = copying(from, Repository.open(new EndingStore(there, 4 + requests, done), THERE, CLOCK));
        for (SnapshotEntry each : originals) {
          copy(copying, each, new BackupStats());
        }
        break;
      } catch (ObjectStoreException.Unavailable e) {
        tries++;
      }
    }
    assertThat(tries).isBetween(5, 30);
    assertThat(to.snapshots()).hasSize(2);
    for (int i = 0; i < 2; i++) {
      restores(to, to.snapshots().get(1 - i), images.get(i));
    }
    demandSound(to);
    assertThat(to.packs().bytes()).as("with the maps of %s attempts", tries).isLessThan(from.packs().bytes() * 5 / 4);
    CollectionReport report = to.collect(new CollectionSettings("test", Duration.ofDays(7), Duration.ZERO, 2), CollectionProgress.NONE);
    assertThat(report.waiting()).as("no session is left open").isEmpty();
    restores(to, to.snapshots().getFirst(), images.get(1));
  }

  @Test
  void throughStoresThatFailNowAndThenEverythingArrives() throws IOException {
    snapshot(300);
    snapshot(30);
    int tries = 0;
    for (int i = 0; i < originals.size();) {
      assertThat(++tries).isLessThan(100);
      try {
        Repository source = Repository.open(new FaultyStore(here, tries, FaultyStore.Faults.all(400)), HERE, CLOCK);
        Repository target = Repository.open(new FaultyStore(there, 1000 + tries, FaultyStore.Faults.all(300)), THERE, CLOCK);
        copy(copying(source, target), originals.get(i), new BackupStats());
        i++;
      } catch (IOException e) {
        // As a crash: nothing but the stores remembers.
      }
    }
    assertThat(tries).isGreaterThan(2);
    assertThat(to.snapshots()).extracting(SnapshotEntry::snapshot)
        .containsExactly(originals.get(1).snapshot(), originals.get(0).snapshot());
    restores(to, to.snapshots().getFirst(), images.get(1));
    demandSound(to);
  }

  @Test
  void aDamagedOriginalIsToldAndNotCopied() throws IOException {
    snapshot(50);
    for (ObjectKey key : keys(here, "packs/")) {
      here.delete(key);
    }
    assertThatThrownBy(() -> copy(copying(from, to), originals.getFirst(), new BackupStats())).isInstanceOf(IOException.class);
    assertThat(to.snapshots()).isEmpty();
    assertThat(to.collect(CollectionSettings.of("test"), CollectionProgress.NONE).waiting()).as("nobody waits for it").isEmpty();
  }
}
