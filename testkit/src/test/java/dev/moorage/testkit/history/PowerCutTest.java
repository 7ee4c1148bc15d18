package dev.moorage.testkit.history;

import dev.moorage.testkit.LeakCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Goal: what the storage acknowledged survives a power cut. Method: {@link PowerCuts} in a history of every operation, and more at random. */
@Tag("root")
@ExtendWith(LeakCheck.class)
class PowerCutTest {

  private static final int CUTS = Integer.getInteger("moorage.soak.cuts", 20);

  @Test
  void whatWasAcknowledgedSurvivesAPowerCutAtAnyMoment() throws Exception {
    List<Operation> history = new ArrayList<>(Histories.everything());
    Model model = new Model();
    history.forEach(model::apply);
    history.addAll(Histories.random(model, new Random(Long.getLong("moorage.soak.seed", 1)), Math.max(40, CUTS * 4 - 40)));
    new PowerCuts(Performance.class, CUTS).demandSurvival(history);
  }
}
