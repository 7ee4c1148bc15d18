package dev.moorage.csi;

import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.history.Histories;
import dev.moorage.testkit.history.Model;
import dev.moorage.testkit.history.Operation;
import dev.moorage.testkit.history.Operation.Verb;
import dev.moorage.testkit.history.PowerCuts;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Goal: what the driver has answered with OK survives a power cut. Method: {@link PowerCuts} while sidecars and a kubelet call, each call
 * of theirs at least once and then at random by seed.
 */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class CsiPowerCutTest {

  private static final int CUTS = Integer.getInteger("moorage.soak.cuts", 20);

  private static final List<Operation> EVERY_CALL = List.of(
      Operation.of(Verb.CREATE, "db", "ext4:32M"),
      Operation.of(Verb.WRITE, "db", "one"),
      Operation.of(Verb.CREATE, "log", "xfs:320M"),
      Operation.of(Verb.MOUNT, "log"),
      Operation.of(Verb.WRITE, "log", "first"),
      Operation.of(Verb.CREATE, "raw", "block:16M"),
      Operation.of(Verb.MOUNT, "raw"),
      Operation.of(Verb.GROW, "raw", "24M"),
      Operation.onSnapshot(Verb.SNAPSHOT, "db", "s1"),
      Operation.onSnapshot(Verb.GROUP, "db", "g1", "log"),
      Operation.of(Verb.GROW, "log", "384M"),
      Operation.of(Verb.WRITE, "db", "two"),
      Operation.of(Verb.CLONE, "db", "copy"),
      Operation.onSnapshot(Verb.FROM, "db", "s1", "old"),
      Operation.onSnapshot(Verb.FROM, "log", "g1", "first"),
      Operation.of(Verb.UNMOUNT, "raw"),
      Operation.onSnapshot(Verb.REMOVE_GROUP, "db", "g1", "log"),
      Operation.onSnapshot(Verb.REMOVE_SNAPSHOT, "db", "s1"),
      Operation.of(Verb.REMOVE, "raw"),
      Operation.of(Verb.UNMOUNT, "log"),
      Operation.of(Verb.REMOVE, "db"),
      Operation.of(Verb.GROW, "copy", "64M"));

  @Test
  void whatWasAnsweredSurvivesAPowerCutAtAnyMoment() throws Exception {
    Model model = new Model();
    EVERY_CALL.forEach(model::apply);
    List<Operation> history = new ArrayList<>(EVERY_CALL);
    history.addAll(Histories.randomOfCsi(model, new Random(Long.getLong("moorage.soak.seed", 1)), Math.max(40, CUTS * 4 - 40)));
    new PowerCuts(CsiPerformance.class, CUTS).demandSurvival(history);
  }
}
