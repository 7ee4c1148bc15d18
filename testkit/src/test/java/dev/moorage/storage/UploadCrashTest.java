package dev.moorage.storage;

import static dev.moorage.storage.Host.DOCKER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.failpoint.Failpoint;
import dev.moorage.pool.PoolLayout;
import dev.moorage.repository.Repository;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.restore.Restore;
import dev.moorage.testkit.ClassDisk;
import dev.moorage.testkit.KernelState;
import dev.moorage.testkit.KilledAt;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.volume.Snapshot;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The process is killed at every failpoint of an upload, in the first one and in the second. The next start goes on by itself, everything
 * is committed once and restores bit for bit, and nothing is left over.
 */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class UploadCrashTest {

  @RegisterExtension
  static final ClassDisk DISK = ClassDisk.ofGibibytes(2);

  @ParameterizedTest
  @EnumSource(names = {"UPLOAD_HELD", "JOB_RECORDED", "UPLOAD_ATTEMPT_RECORDED", "UPLOAD_COMMITTED", "BASE_HELD", "BASE_RECORDED",
      "UPLOAD_MARKED", "JOB_ENDED", "OBJECT_DRAFTED", "OBJECT_LINKED"})
  void aKillInAnUploadLosesNothingAndUploadsNothingTwice(Failpoint failpoint) throws Exception {
    for (int times : failpoint.name().startsWith("OBJECT") ? new int[] {6, 9, 12, 15, 18} : new int[] {1, 2}) {
      Path directory = Files.createDirectory(DISK.directory().resolve(failpoint + "-" + times));
      Path diary = Files.createFile(directory.resolve("diary"));
      boolean killed = KilledAt.failpoint(failpoint, times, UploadSteps.class, directory.toString(), diary.toString());
      assertThat(killed).as("reached %d times", times).isTrue();
      check(directory, Files.readAllLines(diary).size());
    }
  }

  private static void check(Path directory, int done) throws Exception {
    try (Storage storage = UploadSteps.open(directory)) {
      new UploadSteps(storage).run(done, () -> { });
      for (Job job : storage.jobs().list()) {
        assertThat(storage.jobs().await(job.id(), Host.LONG).orElseThrow().state()).isEqualTo(Job.State.DONE);
      }
      List<SnapshotEntry> remote = UploadSteps.vault(directory).repository().snapshots();
      assertThat(remote).extracting(SnapshotEntry::label).containsExactly("db@second", "db@first");
      PoolLayout layout = new PoolLayout(directory.resolve("fast"));
      for (SnapshotEntry entry : remote) {
        Snapshot snapshot = storage.snapshots().find(DOCKER, new SnapshotRef.ById(entry.snapshot())).orElseThrow();
        assertThat(snapshot.remotes()).hasSize(1);
        assertRestores(directory, entry, layout.snapshot(snapshot.id()).resolve("image"));
      }
      assertThat(entries(layout.jobs())).noneMatch(Files::isDirectory);
      assertThat(entries(entries(layout.bases()).getFirst())).hasSize(2);
    }
    assertThat(KernelState.loopsUnder(directory)).isEmpty();
  }

  private static List<Path> entries(Path directory) throws IOException {
    try (var entries = Files.list(directory)) {
      return entries.toList();
    }
  }

  private static void assertRestores(Path directory, SnapshotEntry entry, Path image) throws IOException {
    Path target = directory.resolve("restored-" + entry.seat().seq());
    try (RandomAccessFile file = new RandomAccessFile(target.toFile(), "rw")) {
      file.setLength(entry.size());
    }
    Repository repository = UploadSteps.vault(directory).repository();
    repository.restore(entry.seat(), target, directory.resolve("journal-" + entry.seat().seq()), "test",
        new Restore.Settings(2, true, _ -> { }));
    assertThat(Files.mismatch(target, image)).isEqualTo(-1);
  }
}
