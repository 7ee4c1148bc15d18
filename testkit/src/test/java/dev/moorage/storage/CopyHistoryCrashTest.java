package dev.moorage.storage;

import static dev.moorage.storage.CopyHistorySteps.HERE;
import static dev.moorage.storage.CopyHistorySteps.THERE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.failpoint.Failpoint;
import dev.moorage.objectstore.file.FileStores;
import dev.moorage.process.Command;
import dev.moorage.repository.Repository;
import dev.moorage.repository.Upload;
import dev.moorage.repository.backup.BackupStats;
import dev.moorage.repository.gc.CollectionProgress;
import dev.moorage.repository.gc.CollectionSettings;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.key.KeyFile;
import dev.moorage.repository.restore.Restore;
import dev.moorage.repository.verify.Verifier;
import dev.moorage.repository.verify.VerifyDepth;
import dev.moorage.testkit.KilledAt;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.TestDisk;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.VolumeId;
import dev.moorage.volume.VolumeName;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The process that copies a repository is killed in the target's store, at passes over the whole copy: {@code -Dmoorage.soak.stride=1}
 * kills at every one. The same copy, run again, brings every snapshot over bit for bit, once; stores hardly anything twice; and leaves
 * nothing that a collection would wait for.
 */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class CopyHistoryCrashTest {

  private static final int STRIDE = Integer.getInteger("moorage.soak.stride", 7);
  private static final int BLOCK = 16 << 10;
  private static final long SIZE = 96L << 20;
  private static final VolumeId VOLUME = VolumeId.random();
  private static final PoolId POOL = PoolId.random();

  @SuppressWarnings("NullAway.Init")
  private static TestDisk disk;

  private static Path path(String name) {
    return disk.directory().resolve(name);
  }

  private static Repository open(Path store, KeyFile key) throws IOException {
    return Repository.open(FileStores.open(store), key, Clock.systemUTC());
  }

  private static Repository make(Path store, KeyFile key) throws IOException {
    Repository.Creation creation = new Repository.Creation(BLOCK, key, "test");
    return Repository.create(FileStores.open(Files.createDirectory(store)), creation, Clock.systemUTC()).repository();
  }

  /** Two snapshots of several packs, and an empty repository to copy them into. */
  @BeforeAll
  static void makeDisk() throws IOException {
    disk = TestDisk.make(TestDisk.Kind.XFS, ByteSize.ofGibibytes(4));
    make(path("empty"), THERE).close();
    try (Repository from = make(path("here"), HERE)) {
      Files.createFile(path("image-1"));
      fill(path("image-1"), 1, SIZE);
      commit(from, 0, path("image-1"));
      Files.copy(path("image-1"), path("image-2"));
      fill(path("image-2"), 2, SIZE / 8);
      commit(from, 1, path("image-2"));
    }
  }

  @AfterAll
  static void closeDisk() {
    disk.close();
  }

  private static void fill(Path image, long seed, long bytes) throws IOException {
    byte[] content = new byte[1 << 20];
    Random random = new Random(seed);
    try (FileChannel channel = FileChannel.open(image, StandardOpenOption.WRITE)) {
      for (long at = 0; at < bytes; at += content.length) {
        random.nextBytes(content);
        channel.write(ByteBuffer.wrap(content), at);
      }
      channel.force(true);
    }
  }

  private static void commit(Repository from, long known, Path image) throws IOException {
    SnapshotEntry.Origin origin = new SnapshotEntry.Origin(POOL, "a", Owner.DOCKER, new VolumeName("db"),
        new SnapshotName("cut" + known), VOLUME, Optional.empty());
    Upload upload = new Upload(SnapshotId.random(), VOLUME, origin, Instant.now(), Map.of(), image, Optional.empty(), Upload.Sharing.OWN,
        false, known, List.of(), path("spool"));
    assertThat(from.upload(upload, _ -> { }, new BackupStats())).isInstanceOf(Upload.Outcome.Committed.class);
  }

  @ParameterizedTest
  @EnumSource(names = {"OBJECT_DRAFTED", "OBJECT_LINKED"})
  void aKillAnywhereInACopyLosesNothingAndStoresNothingTwice(Failpoint failpoint) throws Exception {
    int kills = 0;
    for (int pass = 1; killAt(failpoint, pass); pass += STRIDE) {
      kills++;
    }
    assertThat(kills).as("a copy reaches %s", failpoint).isGreaterThan(1);
  }

  private static boolean killAt(Failpoint failpoint, int pass) throws Exception {
    Path there = path("there");
    Command.of("rm", "-rf", there.toString()).run();
    Command.of("cp", "-a", path("empty").toString(), there.toString()).run();
    Path spool = path("copy-spool");
    boolean killed = KilledAt.failpoint(failpoint, pass, CopyHistorySteps.class, path("here").toString(), there.toString(), spool.toString());
    List<RepositoryCopy.Line> lines = CopyHistorySteps.copy(path("here"), there, spool);
    assertThat(lines).hasSize(2).extracting(RepositoryCopy.Line::result).isSubsetOf(RepositoryCopy.Result.COPIED, RepositoryCopy.Result.PRESENT);
    try (Repository from = open(path("here"), HERE); Repository to = open(there, THERE)) {
      assertThat(to.snapshots()).extracting(SnapshotEntry::label).containsExactly("db@cut1", "db@cut0");
      assertThat(to.verify(new Verifier.Settings(VerifyDepth.BYTES, 1, 0, _ -> { })).findings()).isEmpty();
      assertThat(to.packs().bytes()).as("killed at %s, pass %s", failpoint, pass).isLessThan(from.packs().bytes() + (1 << 20));
      restores(to, to.snapshots().getLast(), path("image-1"));
      restores(to, to.snapshots().getFirst(), path("image-2"));
      assertThat(to.collect(new CollectionSettings("test", Duration.ofDays(7), Duration.ZERO, 1), CollectionProgress.NONE).waiting()).isEmpty();
      assertThat(to.verify(new Verifier.Settings(VerifyDepth.BYTES, 1, 0, _ -> { })).findings()).isEmpty();
    }
    return killed;
  }

  private static void restores(Repository repository, SnapshotEntry entry, Path expected) throws IOException {
    Path target = path("restored");
    Files.deleteIfExists(target);
    Files.deleteIfExists(path("journal"));
    try (RandomAccessFile file = new RandomAccessFile(target.toFile(), "rw")) {
      file.setLength(entry.size());
    }
    repository.restore(entry.seat(), target, path("journal"), "test", new Restore.Settings(4, true, _ -> { }));
    assertThat(Files.mismatch(target, expected)).isEqualTo(-1);
  }
}
