package dev.moorage.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The protocol of commit, forgetting, takeover and collection in thousands of schedules. {@code -Dmoorage.simulation.schedules=N
 * -Dmoorage.simulation.seed=S} sets how many, and where they begin; {@code ./dev simulate} does.
 */
final class SimulationTest {

  private static final int SCHEDULES = Integer.getInteger("moorage.simulation.schedules", 10_000);
  private static final long SEED = Long.getLong("moorage.simulation.seed", 1);

  /** So many come to everything that is counted. */
  private static final int SCHEDULES_THAT_COVER = 2000;

  @Test
  void everyScheduleKeepsWhatIsCommittedAndLeavesNothingElse() {
    Coverage coverage = new Coverage();
    for (long seed = SEED; seed < SEED + SCHEDULES; seed++) {
      Simulation.run(seed, Weakness.NONE, coverage).ifPresent(story -> fail(story));
    }
    System.out.println(SCHEDULES + " schedules from seed " + SEED + ": " + coverage);
    if (SCHEDULES >= SCHEDULES_THAT_COVER) {
      assertThat(Coverage.Event.values()).allSatisfy(event -> assertThat(coverage.of(event)).as(event.name()).isPositive());
    }
  }

  @Test
  void aSeedTellsTheSameStoryEachTime() {
    long seed = LongStream.rangeClosed(1, SCHEDULES_THAT_COVER).filter(each -> Simulation.run(each, Weakness.COMMIT_BEFORE_PACKS, new Coverage())
        .isPresent()).findFirst().orElseThrow();
    String story = Simulation.run(seed, Weakness.COMMIT_BEFORE_PACKS, new Coverage()).orElseThrow();
    assertThat(story).startsWith("seed " + seed + ", COMMIT_BEFORE_PACKS: snaps/").contains("create packs/").contains("is not stored");
    assertThat(Simulation.run(seed, Weakness.COMMIT_BEFORE_PACKS, new Coverage())).contains(story);
  }
}
