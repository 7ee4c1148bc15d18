package dev.moorage.storage;

import static dev.moorage.storage.Host.DOCKER;
import static dev.moorage.storage.Host.ref;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.failpoint.Failpoint;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.verify.Verifier;
import dev.moorage.repository.verify.VerifyDepth;
import dev.moorage.testkit.ClassDisk;
import dev.moorage.testkit.KernelState;
import dev.moorage.testkit.KilledAt;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.history.Vault;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The process is killed in the store itself, again and again over a history of uploads, a forget, collections and a restore:
 * {@code -Dmoorage.soak.stride=1} kills at every pass. The next start finishes the history, and what is committed is there to the
 * last byte, after two more collections too.
 */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class VaultCrashTest {

  private static final int STRIDE = Integer.getInteger("moorage.soak.stride", 29);

  @RegisterExtension
  static final ClassDisk DISK = ClassDisk.ofGibibytes(8);

  @ParameterizedTest
  @EnumSource(names = {"OBJECT_DRAFTED", "OBJECT_LINKED", "OBJECT_REPLACED", "OBJECT_UNLINKED", "RESTORE_CLAIMED", "RESTORE_RUN_WRITTEN",
      "RESTORE_JOURNALLED"})
  void aKillAnywhereInTheStoreLosesNothing(Failpoint failpoint) throws Exception {
    int kills = 0;
    for (int pass = 1; killAt(failpoint, pass); pass += STRIDE) {
      kills++;
    }
    assertThat(kills).as("the history reaches %s", failpoint).isPositive();
  }

  private static boolean killAt(Failpoint failpoint, int pass) throws Exception {
    Path directory = Files.createDirectory(DISK.directory().resolve(failpoint + "-" + pass));
    Path diary = Files.createFile(directory.resolve("diary"));
    boolean killed = KilledAt.failpoint(failpoint, pass, VaultSteps.class, directory.toString(), diary.toString());
    try (Storage storage = UploadSteps.open(directory)) {
      new VaultSteps(directory, storage).run(Files.readAllLines(diary).size(), () -> { });
      assertThat(storage.publications().mount(DOCKER, ref("back"), Host.container("r")).resolve("row")).hasContent("two");
      storage.publications().unmount(DOCKER, ref("back"), Host.container("r"));
    }
    VaultSteps.collect(directory);
    VaultSteps.collect(directory);
    try (Vault vault = UploadSteps.vault(directory)) {
      assertThat(vault.repository().snapshots()).extracting(SnapshotEntry::label).containsExactly("db@third", "db@second");
      assertThat(vault.repository().verify(new Verifier.Settings(VerifyDepth.BYTES, 1, 0, _ -> { })).findings()).isEmpty();
    }
    assertThat(KernelState.mountsUnder(directory)).isEmpty();
    assertThat(KernelState.loopsUnder(directory)).isEmpty();
    return killed;
  }
}
