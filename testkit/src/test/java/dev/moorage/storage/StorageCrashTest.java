package dev.moorage.storage;

import static dev.moorage.storage.Host.DOCKER;
import static dev.moorage.storage.Host.ref;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.failpoint.Failpoint;
import dev.moorage.testkit.ClassDisk;
import dev.moorage.testkit.KernelState;
import dev.moorage.testkit.KilledAt;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.volume.Volume;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The process is killed at every failpoint of the storage. The next start keeps what was acknowledged, the call under way can be
 * repeated and the rest goes on as if nothing had happened, and nothing is left over in the kernel.
 */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class StorageCrashTest {

  @RegisterExtension
  static final ClassDisk DISK = ClassDisk.ofGibibytes(4);

  @ParameterizedTest
  @EnumSource(from = "STAGE_ATTACHED", to = "POOL_OPENED")
  void aKillAtAFailpointLosesNothingAndLeavesNothing(Failpoint failpoint) throws Exception {
    Path directory = Files.createDirectory(DISK.directory().resolve(failpoint.name()));
    Path diary = Files.createFile(directory.resolve("diary"));
    KilledAt.failpoint(failpoint, CrashSteps.class, directory.toString(), diary.toString());
    int done = Files.readAllLines(diary).size();
    try (Storage storage = CrashSteps.open(directory)) {
      assertThat(KernelState.loopsUnder(directory).values()).as("one device per image").doesNotHaveDuplicates();
      CrashSteps steps = new CrashSteps(directory, storage);
      assertThat(done).as("killed before the end").isLessThan(steps.count());
      steps.run(done);
      assertThat(storage.pools().list()).hasSize(2).allSatisfy(pool -> assertThat(pool.problem()).isEmpty());
      assertThat(storage.volumes().list(Optional.empty())).extracting(each -> each.name().value()).containsExactly("db");
      assertThat(storage.jobs().list()).allSatisfy(job -> assertThat(job.state()).isEqualTo(Job.State.DONE));
      Volume volume = storage.volumes().find(DOCKER, ref("db")).orElseThrow();
      Path path = storage.publications().mount(DOCKER, ref("db"), Host.container("last"));
      assertThat(path.resolve("row")).hasContent("good");
      assertThat(Files.getFileStore(path).getTotalSpace()).isGreaterThan(600L << 20);
      assertThat(storage.volumes().find(DOCKER, ref("db")).orElseThrow().filesystemSize()).isEqualTo(volume.spec().size());
      storage.publications().unmount(DOCKER, ref("db"), Host.container("last"));
      assertThat(KernelState.mountsUnder(directory)).isEmpty();
    }
    assertThat(KernelState.loopsUnder(directory)).isEmpty();
  }
}
