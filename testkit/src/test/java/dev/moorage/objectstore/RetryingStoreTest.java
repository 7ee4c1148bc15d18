package dev.moorage.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.testkit.objectstore.FaultyStore;
import dev.moorage.testkit.objectstore.FaultyStore.Fault;
import dev.moorage.testkit.objectstore.FaultyStore.Faults;
import dev.moorage.testkit.objectstore.ModelObjectStore;
import dev.moorage.testkit.objectstore.SimulatedPace;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Goal: what a repeated request means is what the Javadoc says. Method: one fault at a time over the model, time simulated. */
class RetryingStoreTest {

  private static final Faults NONE = new Faults(Map.of());
  private static final ObjectKey KEY = new ObjectKey("key");

  private final ModelObjectStore model = new ModelObjectStore();
  private final FaultyStore faulty = new FaultyStore(model, 7, NONE);
  private final SimulatedPace pace = new SimulatedPace();
  private final RetryingStore store = new RetryingStore(faulty, RetryPolicy.standard(), new Random(7), pace);

  @Test
  void aCreateWhoseAnswerWasLostHasSucceeded() throws Exception {
    faulty.set(Faults.only(Fault.ANSWER_LOST, 2));
    for (int i = 0; i < 50; i++) {
      ObjectKey key = new ObjectKey("many/" + i);
      assertThat(store.putIfAbsent(key, text("mine " + i))).isEqualTo(model.head(key).map(ObjectHead::version)).isPresent();
    }
    assertThat(faulty.happened().get(Fault.ANSWER_LOST)).isGreaterThan(20);
  }

  @Test
  void aCreateThatWasCarriedOutIsFoundAlthoughTheServerHangsUpOnEachRepetition() throws Exception {
    ObjectStore deaf = (ObjectStore) Proxy.newProxyInstance(ObjectStore.class.getClassLoader(), new Class<?>[] {ObjectStore.class},
        (_, method, arguments) -> {
          Object answer = method.invoke(model, arguments);
          if (method.getName().equals("putIfAbsent")) {
            throw new ObjectStoreException.Unavailable("create", "the connection failed", "", null);
          }
          return answer;
        });
    ObjectStore patient = new RetryingStore(deaf, RetryPolicy.standard(), new Random(1), pace);
    Content content = text("ours");
    assertThat(patient.putIfAbsent(new ObjectKey("a"), content)).isPresent();
    model.putIfAbsent(new ObjectKey("b"), text("another's"));
    assertThat(patient.putIfAbsent(new ObjectKey("b"), content)).isEmpty();
  }

  @Test
  void aCreateThatFailedBeforeSomebodyElsesIsRefused() throws Exception {
    ObjectStore rival = new FirstCallHook(faulty, () -> {
      model.putIfAbsent(KEY, text("theirs"));
      throw new ObjectStoreException.Unavailable("create object", "the connection was reset", "", null);
    });
    ObjectStore late = new RetryingStore(rival, RetryPolicy.standard(), new Random(7), pace);
    assertThat(late.putIfAbsent(KEY, text("mine!!"))).isEmpty();
    assertThat(late.putIfAbsent(KEY, text("longer than theirs"))).isEmpty();
  }

  @Test
  void aReplaceWhoseAnswerWasLostHasSucceeded() throws Exception {
    Version version = store.putIfAbsent(KEY, text("0")).orElseThrow();
    faulty.set(Faults.only(Fault.ANSWER_LOST, 2));
    for (int i = 1; i < 50; i++) {
      version = store.replaceIfMatch(KEY, version, text("state " + i)).orElseThrow();
    }
    assertThat(model.head(KEY).orElseThrow().version()).isEqualTo(version);
  }

  @Test
  void aDeleteWhoseAnswerWasLostSaysThatThereWasSomething() throws Exception {
    store.putIfAbsent(KEY, text("doomed"));
    ObjectStore lost = new RetryingStore(new FirstCallHook(faulty, () -> {
      model.delete(KEY);
      throw new ObjectStoreException.Unavailable("delete object", "the connection was reset", "", null);
    }), RetryPolicy.standard(), new Random(7), pace);
    assertThat(lost.delete(KEY)).isTrue();
    assertThat(lost.delete(KEY)).isFalse();
  }

  @Test
  void aTornReadContinuesWhereItBrokeOff() throws Exception {
    byte[] bytes = new byte[1_000_000];
    new Random(1).nextBytes(bytes);
    store.putIfAbsent(KEY, Content.of(bytes));
    faulty.set(Faults.only(Fault.TORN_READ, 2));
    for (int i = 0; i < 20; i++) {
      try (ObjectStream in = store.get(KEY)) {
        assertThat(in.readAllBytes()).isEqualTo(bytes);
      }
      try (ObjectStream in = store.getRange(KEY, 1000, 500_000)) {
        assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, 1000, 501_000));
      }
    }
    assertThat(faulty.happened().get(Fault.TORN_READ)).isGreaterThan(10);
  }

  @Test
  void aLargeObjectThatIsReplacedWhileItsReadBreaksOffIsNotMixed() throws Exception {
    Version version = store.putIfAbsent(KEY, Content.of(new byte[600_000])).orElseThrow();
    faulty.set(Faults.only(Fault.TORN_READ, 1));
    try (ObjectStream in = store.get(KEY)) {
      faulty.set(NONE);
      model.replaceIfMatch(KEY, version, Content.of(new byte[600_000]));
      assertThatThrownBy(in::readAllBytes).isInstanceOf(ObjectStoreException.Unavailable.class).hasMessageContaining("replaced");
      assertThat(pace.nanoTime()).as("waiting would not help").isLessThan(1_000_000_000);
    }
  }

  @Test
  void aSmallObjectIsReadAsAWholeWhateverHappensToItMeanwhile() throws Exception {
    Version version = store.putIfAbsent(KEY, text("old")).orElseThrow();
    try (ObjectStream in = store.get(KEY)) {
      model.replaceIfMatch(KEY, version, text("new"));
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("old");
      assertThat(in.version()).isEqualTo(version);
    }
  }

  @Test
  void itGivesUpAfterTheDeadlineWithTheLastFailure() {
    faulty.set(Faults.only(Fault.TIME_OUT, 1));
    assertThatThrownBy(() -> store.head(KEY)).isInstanceOf(ObjectStoreException.Unavailable.class);
    assertThat(Duration.ofNanos(pace.nanoTime())).isBetween(Duration.ofSeconds(90), Duration.ofMinutes(2));
    assertThat(faulty.happened().get(Fault.TIME_OUT)).isBetween(10L, 30L);
  }

  @Test
  void aStoreThatThrottlesDidNothingSoNothingIsInDoubt() throws Exception {
    model.putIfAbsent(KEY, text("same"));
    faulty.set(Faults.only(Fault.SLOW_DOWN, 2));
    for (int i = 0; i < 20; i++) {
      assertThat(store.putIfAbsent(KEY, text("same"))).isEmpty();
    }
  }

  @Test
  void whatTryingAgainCannotMendIsThrownAtOnce() {
    assertThatThrownBy(() -> store.get(KEY)).isInstanceOf(ObjectStoreException.NoSuchObject.class);
    assertThat(pace.nanoTime()).isZero();
  }

  @Test
  void anInterruptEndsTheWaitingAndStays() {
    faulty.set(Faults.only(Fault.SERVER_ERROR, 1));
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> store.head(KEY)).isInstanceOf(ObjectStoreException.Interrupted.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  private static Content text(String text) {
    return Content.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
