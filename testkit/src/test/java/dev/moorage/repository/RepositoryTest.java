package dev.moorage.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.linux.FileOps;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.process.Command;
import dev.moorage.repository.Upload.Attempt;
import dev.moorage.repository.Upload.Outcome;
import dev.moorage.repository.backup.BackupStats;
import dev.moorage.repository.gc.CollectionProgress;
import dev.moorage.repository.gc.CollectionReport;
import dev.moorage.repository.gc.CollectionSettings;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.key.KeyFile;
import dev.moorage.repository.key.Passphrase;
import dev.moorage.repository.key.RecoveryKey;
import dev.moorage.repository.restore.Restore;
import dev.moorage.testkit.TestDisk;
import dev.moorage.testkit.objectstore.FaultyStore;
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
import java.security.SecureRandom;
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

/** A repository as its users see it: make, upload, restore, forget, collect, take over; with a store that fails on purpose. */
@Tag("root")
final class RepositoryTest {

  private static final int BLOCK = 16 << 10;
  private static final long SIZE = 8L << 20;
  private static final Passphrase PASSPHRASE = new Passphrase("correct horse battery staple");

  private final ModelObjectStore store = new ModelObjectStore();
  private final Clock clock = Clock.systemUTC();
  private final Random random = new Random(7);

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

  private Repository.Created create() throws IOException {
    return Repository.create(store, new Repository.Creation(BLOCK, PASSPHRASE, "test"), clock);
  }

  /** A host with one volume: its image, and what its disk remembers. */
  private final class HostVolume {
    final PoolId pool;
    final VolumeId volume;
    final String host;
    final Path directory;
    final Path image;
    final List<Attempt> attempts = new ArrayList<>();
    Optional<Upload.Base> base = Optional.empty();
    Upload.Sharing sharing = Upload.Sharing.OWN;
    long known;
    int cuts;

    HostVolume(String host, PoolId pool, VolumeId volume) throws IOException {
      this.host = host;
      this.pool = pool;
      this.volume = volume;
      this.directory = Files.createDirectory(disk.directory().resolve(host));
      this.image = directory.resolve("image");
      Command.of("truncate", "-s", Long.toString(SIZE), image.toString()).run();
    }

    HostVolume(String host) throws IOException {
      this(host, PoolId.random(), VolumeId.random());
    }

    void write(int blocks) throws IOException {
      byte[] bytes = new byte[BLOCK];
      try (FileChannel channel = FileChannel.open(image, StandardOpenOption.WRITE)) {
        for (int i = 0; i < blocks; i++) {
          random.nextBytes(bytes);
          channel.write(ByteBuffer.wrap(bytes), random.nextInt((int) (SIZE / BLOCK)) * (long) BLOCK);
        }
      }
    }

    Path cut() throws IOException {
      Path snapshot = directory.resolve("snapshot-" + ++cuts);
      FileOps.reflink(image, snapshot);
      FileOps.fsync(snapshot);
      return snapshot;
    }

    Upload upload(Path snapshot, SnapshotId id) {
      SnapshotEntry.Origin origin = new SnapshotEntry.Origin(pool, host, new Owner("docker"), new VolumeName("db"),
          new SnapshotName("cut" + cuts), volume, Optional.empty());
      return new Upload(id, volume, origin, Instant.now(), Map.of("filesystem", "ext4"), snapshot, base, sharing, false, known,
          List.copyOf(attempts), directory.resolve("spool"));
    }

    Outcome send(Repository repository, Path snapshot) throws IOException {
      return send(repository, snapshot, SnapshotId.random());
    }

    Outcome send(Repository repository, Path snapshot, SnapshotId id) throws IOException {
      Outcome outcome = repository.upload(upload(snapshot, id), attempts::add, new BackupStats());
      attempts.clear();
      if (outcome instanceof Outcome.Committed(SnapshotEntry entry)) {
        known = entry.seat().seq();
        base = Optional.of(new Upload.Base(snapshot, known));
      }
      return outcome;
    }
  }

  private static SnapshotEntry committed(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Committed.class);
    return ((Outcome.Committed) outcome).entry();
  }

  private void restores(Repository repository, SnapshotEntry entry, Path expected) throws IOException {
    Path target = Files.createTempFile(disk.directory(), "restored", "");
    Command.of("truncate", "-s", Long.toString(entry.size()), target.toString()).run();
    Path journal = target.resolveSibling(target.getFileName() + ".journal");
    repository.restore(entry.seat(), target, journal, "test", new Restore.Settings(4, true, bytes -> { }));
    assertThat(Files.mismatch(target, expected)).isEqualTo(-1);
  }

  @Test
  void oneHostUploadsAndAnotherRestoresEverySnapshot() throws IOException {
    HostVolume a = new HostVolume("a");
    List<SnapshotEntry> entries = new ArrayList<>();
    List<Path> cuts = new ArrayList<>();
    Repository repository = create().repository();
    for (int i = 0; i < 4; i++) {
      a.write(20);
      cuts.add(a.cut());
      entries.add(committed(a.send(repository, cuts.getLast())));
    }
    assertThat(entries.getLast().figures().get("blocksStored")).as("only what changed").isLessThanOrEqualTo(20);
    Repository other = Repository.open(store, PASSPHRASE, clock);
    assertThat(other.snapshots()).hasSize(4).first().isEqualTo(entries.getLast());
    for (int i = 0; i < 4; i++) {
      restores(other, entries.get(i), cuts.get(i));
    }
  }

  @Test
  void anUnchangedVolumeStoresNoBlocksAndReadsNone() throws IOException {
    HostVolume a = new HostVolume("a");
    Repository repository = create().repository();
    a.write(50);
    SnapshotEntry first = committed(a.send(repository, a.cut()));
    Repository.Packs before = repository.packs();
    SnapshotEntry again = committed(a.send(repository, a.cut()));
    assertThat(again.figures()).containsEntry("bytesRead", 0L).containsEntry("blocksStored", 0L);
    assertThat(repository.packs()).as("not even a map").isEqualTo(before);
    repository.history().forget(first.seat(), "test");
    CollectionSettings atOnce = new CollectionSettings("test", Duration.ofDays(7), Duration.ZERO, 2);
    repository.collect(atOnce, CollectionProgress.NONE);
    repository.collect(atOnce, CollectionProgress.NONE);
    restores(repository, again, a.image);
  }

  @Test
  void withoutABaseEverythingIsReadAndNothingStoredTwice() throws IOException {
    HostVolume a = new HostVolume("a");
    Repository repository = create().repository();
    a.write(50);
    Path cut = a.cut();
    committed(a.send(repository, cut));
    a.base = Optional.empty();
    SnapshotEntry again = committed(a.send(repository, a.cut()));
    assertThat(again.figures().get("bytesRead")).isGreaterThan(0);
    assertThat(again.figures()).containsEntry("blocksStored", 0L);
    restores(repository, again, cut);
  }

  @Test
  void forgottenSnapshotsGoAndAllOthersStay() throws IOException {
    HostVolume a = new HostVolume("a");
    Repository repository = create().repository();
    a.write(100);
    SnapshotEntry first = committed(a.send(repository, a.cut()));
    a.write(100);
    a.write(100);
    Path cut = a.cut();
    SnapshotEntry second = committed(a.send(repository, cut));
    repository.history().forget(first.seat(), "test");
    CollectionSettings settings = new CollectionSettings("test", Duration.ofDays(7), Duration.ZERO, 2);
    CollectionReport report = repository.collect(settings, CollectionProgress.NONE);
    assertThat(report.waiting()).isEmpty();
    assertThat(repository.snapshots()).containsExactly(second);
    restores(repository, second, cut);
    assertThatThrownBy(() -> restores(repository, first, cut)).isInstanceOf(ObjectStoreException.NoSuchObject.class);
    repository.history().forget(second.seat(), "test");
    repository.collect(settings, CollectionProgress.NONE);
    repository.collect(settings, CollectionProgress.NONE);
    assertThat(store.list("packs/", Optional.empty(), 1000).objects()).isEmpty();
  }

  @Test
  void aCopyOfThePoolIsFoundOutAndATakeoverStopsTheOldHost() throws IOException {
    HostVolume a = new HostVolume("a");
    Repository repository = create().repository();
    a.write(10);
    committed(a.send(repository, a.cut()));
    HostVolume copy = new HostVolume("copy", a.pool, a.volume);
    copy.known = a.known;
    a.write(10);
    committed(a.send(repository, a.cut()));
    assertThat(copy.send(repository, copy.cut())).isInstanceOf(Outcome.AnotherWriter.class);
    HostVolume heir = new HostVolume("heir", PoolId.random(), a.volume);
    heir.known = repository.history().takeover(a.volume, heir.pool, "heir").seat().seq();
    assertThat(a.send(repository, a.cut())).isEqualTo(
        new Outcome.AnotherWriter(((Outcome.AnotherWriter) a.send(repository, a.cut())).who()));
    heir.write(5);
    Path cut = heir.cut();
    restores(repository, committed(heir.send(repository, cut)), cut);
  }

  /** Every few calls fail, some of them after they had their effect; the host starts again each time, as after a crash. */
  @Test
  void anUploadThatIsInterruptedAgainAndAgainStoresNothingTwice() throws IOException {
    create();
    HostVolume a = new HostVolume("a");
    a.write(400);
    Path cut = a.cut();
    SnapshotId id = SnapshotId.random();
    FaultyStore faulty = new FaultyStore(store, 11, FaultyStore.Faults.all(40));
    Optional<SnapshotEntry> entry = Optional.empty();
    int tries = 0;
    while (entry.isEmpty()) {
      assertThat(++tries).isLessThan(200);
      try {
        entry = Optional.of(committed(a.send(Repository.open(faulty, PASSPHRASE, clock), cut, id)));
      } catch (IOException e) {
        // As a crash: what the disk remembers stays, the process is another one.
      }
    }
    assertThat(tries).isGreaterThan(1);
    Repository calm = Repository.open(store, PASSPHRASE, clock);
    assertThat(calm.snapshots()).containsExactly(entry.get());
    restores(calm, entry.get(), cut);
  }

  @Test
  void wrongSecretsForeignStoresAndChangedHeadersAreTold() throws IOException {
    Repository.Created created = create();
    assertThatThrownBy(() -> Repository.open(store, new Passphrase("wrong"), clock)).isInstanceOf(UnreadableException.WrongKey.class);
    assertThatThrownBy(this::create).isInstanceOf(ObjectStoreException.Invalid.class);
    assertThatThrownBy(() -> Repository.open(new ModelObjectStore(), PASSPHRASE, clock))
        .isInstanceOf(ObjectStoreException.NoSuchObject.class).hasMessageContaining("moorage repository create");
    RecoveryKey recovery = RecoveryKey.parse(created.recoveryKey());
    assertThat(Repository.open(store, recovery, clock).header()).isEqualTo(created.repository().header());
  }

  @Test
  void anySlotOpensItAndTheLastOneStays() throws IOException {
    Repository repository = create().repository();
    KeyFile file = new KeyFile(KeyFile.generate(new SecureRandom()));
    String added = repository.addKey(file, "node7").id().toString();
    assertThat(Repository.open(store, file, clock).slots().list()).hasSize(3);
    repository.slots().remove(added);
    assertThatThrownBy(() -> Repository.open(store, file, clock)).isInstanceOf(UnreadableException.WrongKey.class);
    List<String> left = repository.slots().list().stream().map(slot -> slot.id().toString()).toList();
    repository.slots().remove(left.getFirst());
    assertThatThrownBy(() -> repository.slots().remove(left.getLast())).hasMessageContaining("last one");
  }
}
