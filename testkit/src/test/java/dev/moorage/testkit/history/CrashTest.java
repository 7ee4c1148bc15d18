package dev.moorage.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.failpoint.Failpoint;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.Scratch;
import dev.moorage.testkit.TestDisk;
import dev.moorage.testkit.history.KilledRun.Outcome;
import dev.moorage.volume.ByteSize;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kills the process with SIGKILL at every failpoint, and at random moments, and demands that the next start finds all that was
 * acknowledged, the operation in flight done or undone, and nothing left over; the failpoints of cancelling are of CancelCrashTest.
 * {@code -Dmoorage.soak.runs=1000 -Dmoorage.soak.seed=N} sets how many random runs, and where they begin.
 */
@Tag("root")
@ExtendWith(LeakCheck.class)
class CrashTest {

  /** Sparse; large, because a pool on XFS promises no more than it has. */
  private static final ByteSize DISK = ByteSize.ofGibibytes(16);

  private Path scratch = Path.of("");

  @BeforeEach
  void makeScratch() {
    scratch = Scratch.directory("crash");
  }

  @AfterEach
  void removeScratch() {
    Scratch.remove(scratch);
  }

  @ParameterizedTest
  @EnumSource(value = Failpoint.class, mode = EnumSource.Mode.MATCH_NONE, names = {"OBJECT_.*", "UPLOAD_CANCEL_.*"})
  void aKillAtTheFailpointLosesAndLeaksNothing(Failpoint failpoint) throws Exception {
    boolean automatic = failpoint.name().startsWith("POOL_") && failpoint != Failpoint.POOL_OPENED;
    try (TestDisk disk = TestDisk.make(automatic ? TestDisk.Kind.EXT4 : TestDisk.Kind.XFS, DISK)) {
      List<Operation> history = automatic ? Histories.everythingInAutomaticPool() : Histories.everything();
      assertThat(killedAt(disk, history, failpoint.name(), new Model()).killed())
          .as("the history reaches " + failpoint).isTrue();
    }
  }

  @Test
  void theWholeHistoryRunsToItsEndWhenNothingIsKilled() throws Exception {
    try (TestDisk disk = TestDisk.make(TestDisk.Kind.XFS, DISK)) {
      Outcome outcome = killedAt(disk, Histories.everything(), "", new Model());
      assertThat(outcome.killed()).isFalse();
      assertThat(outcome.done()).isEqualTo(Histories.everything().size());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5})
  void laterPassesThroughTheSameFailpointsAreSurvivedToo(int pass) throws Exception {
    for (Failpoint failpoint : List.of(Failpoint.values()).subList(0, Math.min(6, Failpoint.values().length))) {
      try (TestDisk disk = TestDisk.make(TestDisk.Kind.XFS, DISK)) {
        killedAt(disk, Histories.everything(), failpoint.name() + ":" + pass, new Model());
      }
    }
  }

  @Test
  void killsAtRandomMomentsOfRandomHistoriesLoseAndLeakNothing() throws Exception {
    long seed = Long.getLong("moorage.soak.seed", 1);
    int runs = Integer.getInteger("moorage.soak.runs", 12);
    try (TestDisk disk = TestDisk.make(TestDisk.Kind.XFS, DISK)) {
      Model model = new Model();
      for (int i = 0; i < runs; i++) {
        model = randomRun(disk, model, seed + i);
      }
    }
  }

  private Model randomRun(TestDisk disk, Model model, long seed) throws Exception {
    Random random = new Random(seed);
    List<Operation> history = Histories.random(model, random, 20);
    Path run = scratch.resolve("run");
    Outcome outcome = new KilledRun(pool(disk), run, scratch).afterMillis(history, 50 + random.nextInt(1200));
    try {
      return Aftermath.check(pool(disk), run, model, history, outcome.done(), outcome.begun(), outcome.output());
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + history, e);
    }
  }

  private Outcome killedAt(TestDisk disk, List<Operation> history, String failpoint, Model before) throws Exception {
    Path run = scratch.resolve("run");
    Outcome outcome = new KilledRun(pool(disk), run, scratch).atFailpoint(history, failpoint);
    Aftermath.check(pool(disk), run, before, history, outcome.done(), outcome.begun(), outcome.output());
    return outcome;
  }

  private static Path pool(TestDisk disk) throws Exception {
    return Files.createDirectories(disk.directory()).resolve("pool");
  }
}
