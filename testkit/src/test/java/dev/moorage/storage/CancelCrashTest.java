package dev.moorage.storage;

import static dev.moorage.storage.Host.DOCKER;
import static dev.moorage.storage.Host.ref;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.failpoint.Failpoint;
import dev.moorage.pool.PoolLayout;
import dev.moorage.repository.Repository;
import dev.moorage.repository.history.Seat;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.history.VoidEntry;
import dev.moorage.testkit.ClassDisk;
import dev.moorage.testkit.KilledAt;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.Volume;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The process is killed at every failpoint of a cancellation. What was said to be cancelled is, after the next start; nothing is left of it. */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class CancelCrashTest {

  @RegisterExtension
  static final ClassDisk DISK = ClassDisk.ofGibibytes(2);

  @ParameterizedTest
  @EnumSource(names = {"UPLOAD_CANCEL_RECORDED", "UPLOAD_CANCEL_SETTLED", "JOB_ENDED"})
  void aKillWhileAnUploadIsCancelledLeavesItCancelled(Failpoint failpoint) throws Exception {
    Path directory = Files.createDirectory(DISK.directory().resolve(failpoint.name()));
    SharedStore shared = SharedStore.create(CancelSteps.store(directory));
    assertThat(KilledAt.failpoint(failpoint, 1, CancelSteps.class, directory.toString())).isTrue();
    try (Storage storage = CancelSteps.open(directory, Link.State.UP)) {
      Job job = storage.jobs().list().getFirst();
      assertThat(storage.jobs().await(job.id(), Host.LONG).orElseThrow().state()).isEqualTo(Job.State.CANCELLED);
      assertThat(new PoolLayout(directory.resolve("fast")).jobs().resolve(job.id())).doesNotExist();
      Volume volume = storage.volumes().find(DOCKER, ref("db")).orElseThrow();
      assertThat(storage.snapshots().find(DOCKER, SnapshotRef.parse("db@first")).orElseThrow().remotes()).isEmpty();
      try (Repository repository = shared.open()) {
        assertThat(repository.history().entry(new Seat(volume.id(), 1))).isInstanceOf(VoidEntry.class);
      }
      Job next = storage.uploads().create(DOCKER, ref("db"), Optional.of(new SnapshotName("second")), SharedStore.NAME).job();
      assertThat(storage.jobs().await(next.id(), Host.LONG).orElseThrow().state()).isEqualTo(Job.State.DONE);
    }
    try (Repository repository = shared.open()) {
      assertThat(repository.snapshots()).extracting(SnapshotEntry::label).containsExactly("db@second");
    }
  }
}
