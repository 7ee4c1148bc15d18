package dev.moorage.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testkit.objectstore.FaultyStore;
import dev.moorage.testkit.objectstore.ModelObjectStore;
import dev.moorage.testkit.objectstore.ObjectStoreContract;
import dev.moorage.testkit.objectstore.SimulatedPace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Over a store of which every third request fails, the whole contract holds. */
class RetryingStoreContractTest extends ObjectStoreContract {

  private static final long SEED = 20_261;

  private final ModelObjectStore model = new ModelObjectStore();
  private final List<FaultyStore> faulty = new ArrayList<>();

  @Override
  protected ObjectStore open() {
    FaultyStore store = new FaultyStore(model, SEED + faulty.size(), FaultyStore.Faults.all(12));
    faulty.add(store);
    RetryPolicy policy = new RetryPolicy(Duration.ofMillis(10), Duration.ofSeconds(1), Duration.ofDays(1));
    return new RetryingStore(store, policy, new Random(SEED), new SimulatedPace());
  }

  @Override
  protected boolean deleteTells() {
    return false;
  }

  @Override
  protected boolean tellsItsOwnWrites() {
    return false;
  }

  @Test
  void everyFaultStrikesAndNoneIsSeen() throws Exception {
    for (int i = 0; i < 200; i++) {
      put("many/" + i, text("content " + i));
      assertThat(readText("many/" + i)).isEqualTo("content " + i);
    }
    assertThat(faulty.getFirst().happened()).as("seed %s", SEED).containsOnlyKeys(FaultyStore.Fault.values());
  }
}
