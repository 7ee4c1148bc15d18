package dev.moorage.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.Listing;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.repository.backup.BackupStats;
import dev.moorage.repository.gc.CollectionProgress;
import dev.moorage.repository.gc.CollectionSettings;
import dev.moorage.repository.history.Seat;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.key.KeyFile;
import dev.moorage.repository.restore.Restore;
import dev.moorage.repository.verify.Verifier;
import dev.moorage.repository.verify.VerifyDepth;
import dev.moorage.repository.verify.VerifyReport;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Any damage to any object of a repository is found and named, and what it does not concern is restored. */
@Tag("root")
final class VerifyTest {

  private static final int BLOCK = 16 << 10;

  private final ModelObjectStore store = new ModelObjectStore();
  private final Random random = new Random(3);
  private final List<SnapshotEntry> snapshots = new ArrayList<>();
  private final List<Path> images = new ArrayList<>();

  @SuppressWarnings("NullAway.Init")
  private TestDisk disk;

  @SuppressWarnings("NullAway.Init")
  private Repository repository;

  /** Two volumes that share nothing, each with a snapshot of forty random blocks. */
  @BeforeEach
  void makeRepository() throws IOException {
    disk = TestDisk.make(TestDisk.Kind.XFS, ByteSize.parse("1G"));
    KeyFile secret = new KeyFile(KeyFile.generate(new SecureRandom()));
    repository = Repository.create(store, new Repository.Creation(BLOCK, secret, "test"), Clock.systemUTC()).repository();
    for (String name : List.of("one", "two")) {
      Path image = disk.directory().resolve(name);
      byte[] bytes = new byte[40 * BLOCK];
      random.nextBytes(bytes);
      Files.write(image, bytes);
      VolumeId volume = VolumeId.random();
      SnapshotEntry.Origin origin = new SnapshotEntry.Origin(PoolId.random(), "host", new Owner("docker"), new VolumeName(name),
          new SnapshotName("cut"), volume, Optional.empty());
      Upload upload = new Upload(SnapshotId.random(), volume, origin, Instant.now(), Map.of(), image, Optional.empty(), Upload.Sharing.OWN, false, 0,
          List.of(), disk.directory().resolve("spool"));
      snapshots.add(((Upload.Outcome.Committed) repository.upload(upload, attempt -> { }, new BackupStats())).entry());
      images.add(image);
    }
  }

  @AfterEach
  void closeDisk() {
    disk.close();
  }

  private VerifyReport verify(VerifyDepth depth) throws IOException {
    return repository.verify(new Verifier.Settings(depth, 1, 0, done -> { }));
  }

  private List<ObjectKey> objects(String prefix) throws IOException {
    return store.list(prefix, Optional.empty(), 1000).objects().stream().map(Listing.Entry::key).toList();
  }

  private byte[] read(ObjectKey key) throws IOException {
    try (ObjectStream stream = store.get(key)) {
      return stream.readAllBytes();
    }
  }

  private void replace(ObjectKey key, byte[] content) throws IOException {
    assertThat(store.delete(key)).isTrue();
    assertThat(store.putIfAbsent(key, Content.of(content))).isPresent();
  }

  /** Where both volumes' packs are: their sessions. */
  private String packsOf(int snapshot) {
    return "packs/" + snapshots.get(snapshot).session() + "/";
  }

  private void restores(int snapshot) throws IOException {
    Path target = Files.createTempFile(disk.directory(), "restored", "");
    Files.write(target, new byte[40 * BLOCK]);
    repository.restore(snapshots.get(snapshot).seat(), target, target.resolveSibling(target.getFileName() + ".journal"), "test",
        new Restore.Settings(2, true, done -> { }));
    assertThat(Files.mismatch(target, images.get(snapshot))).isEqualTo(-1);
  }

  /** The object is named with snapshot one, and nothing is said of snapshot two, which restores. */
  private void onlyTheFirstIsConcerned(VerifyReport report, String object) throws IOException {
    assertThat(report.isSound()).isFalse();
    assertThat(report.findings()).anyMatch(finding -> finding.object().contains(object));
    assertThat(report.findings()).flatMap(VerifyReport.Finding::snapshots).contains("host/docker/one@cut").doesNotContain("host/docker/two@cut");
    restores(1);
  }

  @Test
  void whatIsWholeIsSoundAtEveryDepth() throws IOException {
    for (VerifyDepth depth : VerifyDepth.values()) {
      VerifyReport report = verify(depth);
      assertThat(report.findings()).isEmpty();
      assertThat(report.snapshots()).isEqualTo(2);
      assertThat(report.packsRead()).isEqualTo(depth == VerifyDepth.BYTES ? report.packs() : 0);
    }
  }

  @Test
  void anyFlippedBitOfAnyPackIsFound() throws IOException {
    for (ObjectKey key : objects(packsOf(0))) {
      byte[] whole = read(key);
      for (int i = 0; i < 25; i++) {
        byte[] flipped = whole.clone();
        int bit = random.nextInt(whole.length * Byte.SIZE);
        flipped[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
        if (bit / Byte.SIZE >= 48 && bit / Byte.SIZE < 64) {
          continue; // The header's reserved bytes mean nothing yet.
        }
        replace(key, flipped);
        VerifyReport report = verify(VerifyDepth.BYTES);
        assertThat(report.isSound()).as("bit %s of %s", bit, key).isFalse();
        assertThat(report.findings()).flatMap(VerifyReport.Finding::snapshots).doesNotContain("host/docker/two@cut");
      }
      replace(key, whole);
    }
    restores(0);
    restores(1);
  }

  @Test
  void missingShortAndSwappedPacksAreFoundWithoutReadingTheirBytes() throws IOException {
    for (ObjectKey key : objects(packsOf(0))) {
      byte[] whole = read(key);
      replace(key, Arrays.copyOf(whole, whole.length - 1));
      onlyTheFirstIsConcerned(verify(VerifyDepth.OBJECTS), key.value());
      replace(key, read(objects(packsOf(1)).getFirst()));
      onlyTheFirstIsConcerned(verify(VerifyDepth.OBJECTS), key.value());
      assertThat(store.delete(key)).isTrue();
      VerifyReport report = verify(VerifyDepth.MAPS);
      assertThat(report.findings()).flatMap(VerifyReport.Finding::snapshots).contains("host/docker/one@cut").doesNotContain("host/docker/two@cut");
      assertThat(store.putIfAbsent(key, Content.of(whole))).isPresent();
      assertThat(verify(VerifyDepth.BYTES).isSound()).isTrue();
    }
  }

  @Test
  void aDamagedEntryOfTheHistoryIsFoundAndTheOthersAreListed() throws IOException {
    ObjectKey key = snapshots.getFirst().seat().key();
    byte[] damaged = read(key);
    damaged[damaged.length - 3] ^= 1;
    replace(key, damaged);
    VerifyReport report = verify(VerifyDepth.MAPS);
    assertThat(report.findings()).singleElement().satisfies(finding -> assertThat(finding.object()).isEqualTo(key.value()));
    restores(1);
    assertThatThrownBy(() -> repository.snapshots()).isInstanceOf(UnreadableException.Damaged.class);
    assertThat(repository.inventory().snapshots()).containsExactly(snapshots.get(1));
    assertThat(repository.inventory().unread()).singleElement().extracting(Inventory.Unread::seat).isEqualTo(snapshots.getFirst().seat());
    assertThatThrownBy(this::collect).as("what it needs is not known").isInstanceOf(UnreadableException.Damaged.class);
    assertThat(repository.giveUp(snapshots.get(1).seat(), "test")).as("it can be read").isFalse();
    assertThat(repository.giveUp(snapshots.getFirst().seat(), "test")).isTrue();
    demandGivenUp();
  }

  /** Seats are dense, so a gap is a loss. */
  @Test
  void anEntryThatIsGoneIsFoundAndTheOthersAreListed() throws IOException {
    ObjectKey key = snapshots.getFirst().seat().key();
    repository.history().takeover(snapshots.getFirst().seat().volume(), PoolId.random(), "heir");
    assertThat(store.delete(key)).isTrue();
    for (VerifyDepth depth : VerifyDepth.values()) {
      VerifyReport report = verify(depth);
      assertThat(report.snapshots()).isEqualTo(2);
      assertThat(report.findings()).singleElement().satisfies(finding -> {
        assertThat(finding.object()).isEqualTo(key.value());
        assertThat(finding.reason()).startsWith("is missing");
      });
    }
    restores(1);
    assertThat(repository.inventory().snapshots()).containsExactly(snapshots.get(1));
    assertThatThrownBy(this::collect).isInstanceOf(UnreadableException.Damaged.class);
    Seat beyond = new Seat(snapshots.getFirst().seat().volume(), 3);
    assertThatThrownBy(() -> repository.giveUp(beyond, "test")).isInstanceOf(ObjectStoreException.NoSuchObject.class);
    assertThat(repository.giveUp(snapshots.getFirst().seat(), "test")).isTrue();
    demandGivenUp();
  }

  /** A snapshot of which a pack is gone fails as damaged, and not as if somebody had named the wrong one. */
  @Test
  void aRestoreWithoutAPackTellsOfDamage() throws IOException {
    for (ObjectKey key : objects(packsOf(0))) {
      byte[] whole = read(key);
      assertThat(store.delete(key)).isTrue();
      assertThatThrownBy(() -> restores(0)).isInstanceOf(UnreadableException.Damaged.class).hasMessageContaining(key.value());
      assertThat(store.putIfAbsent(key, Content.of(whole))).isPresent();
    }
    restores(0);
  }

  private void collect() throws IOException {
    repository.collect(new CollectionSettings("test", Duration.ofDays(7), Duration.ZERO, 1), CollectionProgress.NONE);
  }

  /** Collections go on, and delete what only the entry used that was given up. */
  private void demandGivenUp() throws IOException {
    assertThat(verify(VerifyDepth.BYTES).isSound()).isTrue();
    assertThat(repository.snapshots()).containsExactly(snapshots.get(1));
    collect();
    collect();
    assertThat(objects(packsOf(0))).isEmpty();
    restores(1);
  }
}
