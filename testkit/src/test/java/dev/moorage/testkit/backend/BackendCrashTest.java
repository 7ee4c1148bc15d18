package dev.moorage.testkit.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.backend.Home;
import dev.moorage.backend.Origin;
import dev.moorage.backend.image.ImageBackends;
import dev.moorage.failpoint.Failpoint;
import dev.moorage.linux.Mounts;
import dev.moorage.testkit.KernelState;
import dev.moorage.testkit.KilledAt;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.TestDisk;
import dev.moorage.testkit.backend.BackendSteps.Step;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.VolumeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The process is killed at every failpoint of the backends. What was done before is whole, what was under way is old or new or
 * can be deleted, as the contract says, and nothing stays frozen, bound or half made.
 */
@Tag("root")
@ExtendWith(LeakCheck.class)
class BackendCrashTest {

  private final TestDisk disk = TestDisk.make(TestDisk.Kind.XFS, ByteSize.ofMebibytes(512));
  private final Path directory = disk.directory().resolve("pool");
  private final Path mounts = disk.directory().resolve("mounts");
  private final Path diary = disk.directory().resolve("diary");

  @BeforeEach
  void makeDirectories() throws Exception {
    Files.createDirectory(mounts);
    Files.createFile(diary);
  }

  @AfterEach
  void close() {
    disk.close();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_ANY, names = "^(IMAGE|TREE)_.*")
  void aKillLeavesWhatTheContractSays(Failpoint failpoint) throws Exception {
    KilledAt.failpoint(failpoint, BackendSteps.class, directory.toString(), mounts.toString(), diary.toString());
    Step killedIn = List.of(Step.values()).get(Files.readAllLines(diary).size());
    thawAndUnmountAll();
    BackendSteps steps = new BackendSteps(directory, mounts);
    checkFirst(steps, killedIn);
    checkSecond(steps, killedIn);
    checkSnapshots(steps, killedIn);
    checkClone(steps, killedIn);
    checkThatAllGoesOn(steps);
  }

  private void thawAndUnmountAll() throws Exception {
    for (Path mount : KernelState.mountsUnder(mounts)) {
      ImageBackends.thaw(mount);
      Mounts.unmount(mount);
    }
  }

  private static boolean isAfter(Step killedIn, Step step) {
    return killedIn.compareTo(step) > 0;
  }

  private static void checkFirst(BackendSteps steps, Step killedIn) throws Exception {
    if (!isAfter(killedIn, Step.MAKE_FIRST)) {
      return;
    }
    ByteSize size = steps.backend.inspect(steps.first).size();
    long value = steps.read(steps.first);
    switch (killedIn) {
      case MAKE_FIRST, MAKE_SECOND, WRITE -> assertThat(size).isEqualTo(BackendSteps.SIZE);
      case GROW -> assertThat(size).isIn(BackendSteps.SIZE, BackendSteps.GROWN);
      case CUT, CLOSE, CLONE, WRITE_CLONE -> assertThat(size).isEqualTo(BackendSteps.GROWN);
      case REPLACE -> assertThat(size).isEqualTo(value == 1 ? BackendSteps.GROWN : BackendSteps.CLONED);
      case DELETE, MAKE_TREE -> assertThat(size).isEqualTo(BackendSteps.CLONED);
    }
    if (isAfter(killedIn, Step.REPLACE)) {
      assertThat(value).isEqualTo(2);
    } else if (killedIn == Step.REPLACE) {
      assertThat(value).isIn(1L, 2L);
    } else if (isAfter(killedIn, Step.WRITE)) {
      assertThat(value).isEqualTo(1);
    }
  }

  private static void checkSecond(BackendSteps steps, Step killedIn) throws Exception {
    boolean listed = steps.backend.list().contains(steps.second);
    if (isAfter(killedIn, Step.DELETE)) {
      assertThat(listed).isFalse();
    } else if (isAfter(killedIn, Step.WRITE) && killedIn != Step.DELETE) {
      assertThat(steps.read(steps.second)).isEqualTo(1);
    } else if (killedIn == Step.DELETE && listed) {
      assertThat(steps.read(steps.second)).isEqualTo(1);
    }
  }

  private static void checkSnapshots(BackendSteps steps, Step killedIn) throws Exception {
    for (Home snapshot : List.of(steps.firstSnapshot, steps.secondSnapshot)) {
      if (isAfter(killedIn, Step.CUT)) {
        Home copy = steps.second;
        steps.backend.delete(copy);
        steps.backend.create(copy, BackendSteps.spec(BackendSteps.GROWN), new Origin.CloneOf(snapshot));
        assertThat(steps.read(copy)).isEqualTo(1);
      } else {
        delete(steps, snapshot);
      }
    }
  }

  private static void checkClone(BackendSteps steps, Step killedIn) throws Exception {
    if (killedIn == Step.REPLACE) {
      boolean replaced = steps.read(steps.first) == 2;
      assertThat(steps.backend.list().contains(steps.clone)).isEqualTo(!replaced);
    }
    delete(steps, steps.clone);
  }

  private static void delete(BackendSteps steps, Home home) throws VolumeException {
    steps.backend.delete(home);
    assertThat(home.directory()).isEmptyDirectory();
  }

  /** All that is left can be deleted, and the same homes filled anew. */
  private static void checkThatAllGoesOn(BackendSteps steps) throws Exception {
    steps.trees.delete(steps.tree);
    for (Home home : steps.homes()) {
      delete(steps, home);
    }
    assertThat(steps.backend.list()).isEmpty();
    steps.backend.create(steps.first, BackendSteps.spec(BackendSteps.SIZE), new Origin.Empty());
    assertThat(steps.read(steps.first)).isZero();
    steps.backend.delete(steps.first);
    try (Stream<Path> templates = Files.list(steps.pool.layout().templates())) {
      assertThat(templates).hasSize(1).allMatch(template -> template.toString().endsWith("-v1"));
    }
  }
}
