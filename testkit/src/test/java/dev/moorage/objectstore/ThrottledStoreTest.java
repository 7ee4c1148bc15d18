package dev.moorage.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.moorage.testkit.objectstore.ModelObjectStore;
import dev.moorage.testkit.objectstore.ObjectStoreContract;
import dev.moorage.testkit.objectstore.SimulatedPace;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The contract holds at a limited pace, and the limit does. Time is simulated. */
class ThrottledStoreTest extends ObjectStoreContract {

  private static final int BYTES_PER_SECOND = 1_000_000;

  private final ModelObjectStore model = new ModelObjectStore();
  private final SimulatedPace pace = new SimulatedPace();
  private final Bandwidth up = new Bandwidth(BYTES_PER_SECOND, pace);
  private final Bandwidth down = new Bandwidth(BYTES_PER_SECOND / 2, pace);

  @Override
  protected ObjectStore open() {
    return new ThrottledStore(model, Optional.of(up), Optional.of(down));
  }

  @Test
  void sendingTakesAsLongAsTheLimitSays() throws Exception {
    put("sent", Content.of(new byte[10 * BYTES_PER_SECOND]));
    assertThat(pace.nanoTime() / 1e9).isCloseTo(10, within(0.1));
  }

  @Test
  void receivingTakesAsLongAsItsOwnLimitSays() throws Exception {
    model.putIfAbsent(new ObjectKey("stored"), Content.of(new byte[10 * BYTES_PER_SECOND]));
    assertThat(read("stored")).hasSize(10 * BYTES_PER_SECOND);
    assertThat(pace.nanoTime() / 1e9).isCloseTo(20, within(0.1));
  }

  @Test
  void withoutALimitNothingWaits() throws Exception {
    ObjectStore free = new ThrottledStore(model, Optional.empty(), Optional.empty());
    free.putIfAbsent(new ObjectKey("sent"), Content.of(new byte[BYTES_PER_SECOND]));
    assertThat(pace.nanoTime()).isZero();
  }
}
