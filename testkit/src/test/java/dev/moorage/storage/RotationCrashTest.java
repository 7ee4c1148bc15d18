package dev.moorage.storage;

import static dev.moorage.storage.RotationSteps.CALLER;
import static dev.moorage.storage.RotationSteps.NAME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.failpoint.Failpoint;
import dev.moorage.objectstore.file.FileStores;
import dev.moorage.process.Command;
import dev.moorage.repository.KeyRotation;
import dev.moorage.repository.Repository;
import dev.moorage.repository.history.TakeoverEntry;
import dev.moorage.repository.key.RecoveryKey;
import dev.moorage.storage.RepositoryStatus.RecoveryKeyState;
import dev.moorage.testkit.KilledAt;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.Scratch;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The process is killed at every step that a rotation makes durable, in the store and on the host. However far it came: the secrets that
 * were to be kept open everything, also what each of them has written since; a recovery key that nobody saw is wanted back; and the
 * rotation, run once more, is done.
 */
@ExtendWith(LeakCheck.class)
final class RotationCrashTest {

  private static final Path SCRATCH = Scratch.directory("rotation");
  private static final Path KEPT = SCRATCH.resolve("kept");
  private static final VolumeId BEFORE = VolumeId.random();

  private static String recovery = "";

  @BeforeAll
  static void makeRepository() throws Exception {
    // Where it will be used, since the registry names places; kept beside that.
    Path directory = Files.createDirectory(SCRATCH.resolve("host"));
    Files.createDirectory(RotationSteps.store(directory));
    try (Storage storage = RotationSteps.open(directory)) {
      RepositorySettings settings = RepositorySettings.at(NAME, "file://" + RotationSteps.store(directory), RotationSteps.own(directory));
      Repositories.Created created = storage.repositories().create(CALLER,
          new CreateRepository(settings, true, CreateRepository.BLOCK_BYTES, "own", false));
      recovery = created.recoveryKey();
      storage.repositories().keys().confirmRecovery(CALLER, NAME, recovery);
      storage.repositories().keys().add(CALLER, NAME, RotationSteps.other(directory), true, "other");
      write(storage.repositories().open(NAME), BEFORE);
    }
    Command.of("cp", "-a", directory.toString(), KEPT.toString()).run();
  }

  @AfterAll
  static void remove() {
    Scratch.remove(SCRATCH);
  }

  @ParameterizedTest
  @EnumSource(names = {"OBJECT_DRAFTED", "OBJECT_LINKED", "OBJECT_UNLINKED", "RECORD_FLUSHED", "RECORD_RENAMED"})
  void aKillAnywhereInARotationLosesNoKeyAndNothingWritten(Failpoint failpoint) throws Exception {
    int kills = 0;
    while (killAt(failpoint, kills + 1)) {
      kills++;
    }
    assertThat(kills).as("a rotation reaches %s", failpoint).isPositive();
  }

  private static boolean killAt(Failpoint failpoint, int pass) throws Exception {
    Path directory = SCRATCH.resolve("host");
    Command.of("rm", "-rf", directory.toString()).run();
    Command.of("cp", "-a", KEPT.toString(), directory.toString()).run();
    Path diary = Files.createFile(directory.resolve("diary"));
    boolean killed = KilledAt.failpoint(failpoint, pass, RotationSteps.class, directory.toString(), diary.toString());
    List<String> told = Files.readAllLines(diary);
    try (Storage storage = RotationSteps.open(directory)) {
      demandWhole(directory);
      boolean replaced = !isOpened(directory, recovery);
      assertThat(!replaced || storage.repositories().status(NAME).recoveryKey() == RecoveryKeyState.UNCONFIRMED)
          .as("killed at %s, pass %s: a new recovery key is wanted back", failpoint, pass).isTrue();
      assertThat(killed || told.size() == 1).isTrue();
      KeyRotation.Outcome again = RotationSteps.rotate(directory, storage);
      assertThat(again.left()).isEmpty();
      assertThat(again.slots()).hasSize(3);
      demandWhole(directory);
      assertThat(storage.repositories().keys().list(NAME)).containsExactlyInAnyOrderElementsOf(again.slots());
      assertThat(isOpened(directory, recovery)).as("the old recovery key").isFalse();
      assertThat(isOpened(directory, again.recoveryKey().orElseThrow())).isTrue();
      storage.repositories().keys().confirmRecovery(CALLER, NAME, again.recoveryKey().orElseThrow());
    }
    return killed;
  }

  /** Each host writes, and reads what was written before and what the other one writes now. */
  private static void demandWhole(Path directory) throws Exception {
    try (Repository own = open(directory, RotationSteps.own(directory)); Repository other = open(directory, RotationSteps.other(directory))) {
      VolumeId byOwn = VolumeId.random();
      VolumeId byOther = VolumeId.random();
      write(own, byOwn);
      write(other, byOther);
      for (Repository each : List.of(own, other)) {
        for (VolumeId volume : List.of(BEFORE, byOwn, byOther)) {
          assertThat(each.history().newest(each.history().of(volume))).containsInstanceOf(TakeoverEntry.class);
        }
      }
    }
  }

  private static Repository open(Path directory, SecretFile secret) throws Exception {
    return Repository.open(FileStores.open(RotationSteps.store(directory)), secret.read("test"), Clock.systemUTC());
  }

  private static boolean isOpened(Path directory, String recoveryKey) throws Exception {
    try (Repository own = open(directory, RotationSteps.own(directory))) {
      return own.slots().isOpenedBy(RecoveryKey.parse(recoveryKey));
    }
  }

  /** Leaves something that is sealed with the newest key of this instance. */
  private static void write(Repository by, VolumeId volume) throws IOException {
    by.history().takeover(volume, PoolId.random(), "test");
  }
}
