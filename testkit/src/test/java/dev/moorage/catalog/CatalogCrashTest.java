package dev.moorage.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.failpoint.Failpoint;
import dev.moorage.testkit.KilledAt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The process is killed at every failpoint of the catalog; the next open finds what was acknowledged, the operation under way
 * done as a whole or not at all, and nothing left over.
 */
class CatalogCrashTest {

  @TempDir
  private Path directory;

  private List<String> summaries = List.of();

  @BeforeEach
  void runWithoutCrash() throws Exception {
    summaries = CrashScenario.summaries(directory.resolve("whole"));
  }

  @ParameterizedTest
  @EnumSource(from = "CREATE_HOME_MADE", to = "VIEW_MOVED")
  void aKillAtAFailpointIsFinishedOrRolledBack(Failpoint failpoint) throws Exception {
    assertThat(killAndOpen(failpoint, 1)).as("the scenario reaches it").isTrue();
    if (failpoint.name().startsWith("CUT_")) {
      // The second cut of the scenario is that of a group.
      killAndOpen(failpoint, 2);
    }
  }

  @ParameterizedTest
  @EnumSource(from = "RECORD_FLUSHED", to = "DIRECTORY_MOVED")
  void aKillAtTheFirstStepOfARecordIsFinishedOrRolledBack(Failpoint failpoint) throws Exception {
    assertThat(killAndOpen(failpoint, 1)).as("the scenario reaches it").isTrue();
  }

  @Tag("soak")
  @ParameterizedTest
  @EnumSource(from = "RECORD_FLUSHED", to = "VIEW_MOVED")
  void aKillAtAnyPassOfAFailpointIsFinishedOrRolledBack(Failpoint failpoint) throws Exception {
    int passes = 0;
    while (killAndOpen(failpoint, passes + 1)) {
      passes++;
    }
    assertThat(passes).isPositive();
  }

  private boolean killAndOpen(Failpoint failpoint, int times) throws Exception {
    Path pool = directory.resolve("killed-" + times);
    Path diary = Files.createFile(directory.resolve("diary-" + times));
    boolean killed = KilledAt.failpoint(failpoint, times, CrashScenario.class, pool.toString(), diary.toString());
    int done = Files.readAllLines(diary).size();
    Fixture fixture = new Fixture(pool);
    Stream<String> possible = killed ? Stream.of(summaries.get(done), summaries.get(done + 1)) : Stream.of(summaries.getLast());
    assertThat(fixture.summary()).as("after %s steps, killed at %s for the time %s", done, failpoint, times).isIn(possible.toList());
    assertThat(fixture.files()).isEqualTo(fixture.expectedFiles());
    assertThat(fixture.catalog.problems()).isEmpty();
    String once = fixture.summary();
    fixture.reopen();
    assertThat(fixture.summary()).as("a second start changes nothing").isEqualTo(once);
    return killed;
  }
}
