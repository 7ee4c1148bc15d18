package dev.moorage.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.failpoint.Failpoint;
import dev.moorage.testkit.ClassDisk;
import dev.moorage.testkit.KernelState;
import dev.moorage.testkit.KilledAt;
import dev.moorage.testkit.LeakCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The process is killed at every failpoint of looking into a remote snapshot and of taking files out of one. The next start goes on with
 * what was begun, the call under way can be repeated, and no mount, device, private copy or half-copied file is left.
 */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class LookCrashTest {

  @RegisterExtension
  static final ClassDisk DISK = ClassDisk.ofGibibytes(2);

  @ParameterizedTest
  @EnumSource(names = {"RESTORE_TARGET_MADE", "RESTORE_WRITTEN", "RESTORE_MARKED", "FETCHED_MOUNTED", "FETCHED_UNMOUNTED", "FILES_SOURCE_MADE",
      "FILES_SOURCE_MOUNTED", "FILES_DRAFTED", "FILES_DRAFT_NOTED", "FILES_IN_PLACE", "FILES_SOURCE_GONE", "TRASH_MOVED", "PURGE_BEGUN"})
  void aKillLeavesNothingMountedAndNothingHalfCopied(Failpoint failpoint) throws Exception {
    Path directory = Files.createDirectory(DISK.directory().resolve(failpoint.name()));
    Path diary = Files.createFile(directory.resolve("diary"));
    assertThat(KilledAt.failpoint(failpoint, 1, LookSteps.class, directory.toString(), diary.toString())).as("reached").isTrue();
    try (Storage storage = UploadSteps.open(directory)) {
      for (Job job : storage.jobs().list()) {
        assertThat(storage.jobs().await(job.id(), Host.LONG).orElseThrow().state()).as("%s", job).isEqualTo(Job.State.DONE);
      }
      new LookSteps(directory, storage).run(Files.readAllLines(diary).size(), () -> { });
      assertThat(storage.core().pools().all().stream().flatMap(PrivateCopy::all)).isEmpty();
      assertThat(storage.pools().trash(Optional.empty())).isEmpty();
      assertThat(KernelState.mountsUnder(directory)).isEmpty();
    }
    assertThat(directory).isDirectoryNotContaining("glob:**copying*");
    assertThat(KernelState.loopsUnder(directory)).isEmpty();
  }
}
