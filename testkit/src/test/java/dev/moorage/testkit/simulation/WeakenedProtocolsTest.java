package dev.moorage.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Leaves out one step of the protocol, or does it in the wrong order, and demands that the simulation catches it: so it is known
 * that each step is needed, and that the simulation would see it missing. docs/repository-protocol.md tells what happens in each.
 */
final class WeakenedProtocolsTest {

  private static final int SCHEDULES = 10_000;

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void theSimulationCatches(Weakness weakness) {
    for (long seed = 1; seed <= SCHEDULES; seed++) {
      Optional<String> story = Simulation.run(seed, weakness, new Coverage());
      if (story.isPresent()) {
        System.out.println("caught by " + story.get().lines().findFirst().orElseThrow());
        assertThat(story.get()).as("a violation that happens again").doesNotContain("not when it was run again");
        return;
      }
    }
    fail(weakness + " was not caught in " + SCHEDULES + " schedules");
  }
}
