package dev.moorage.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.repository.history.ReaderSession;
import dev.moorage.repository.key.KeyFile;
import dev.moorage.repository.key.KeySlot;
import dev.moorage.repository.key.RecoveryKey;
import dev.moorage.repository.key.SlotKind;
import dev.moorage.repository.key.UnlockSecret;
import dev.moorage.testkit.objectstore.EndingStore;
import dev.moorage.testkit.objectstore.ModelObjectStore;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rotations: who opens what before, in the middle of and after one, and two of them at once. */
final class KeyRotationTest {

  private static final SecureRandom RANDOM = new SecureRandom();

  private final ModelObjectStore store = new ModelObjectStore();
  private final KeyFile here = new KeyFile(KeyFile.generate(RANDOM));
  private final KeyFile there = new KeyFile(KeyFile.generate(RANDOM));
  private final KeyFile stolen = new KeyFile(KeyFile.generate(RANDOM));
  private final Repository repository;
  private final String recovery;

  KeyRotationTest() throws IOException {
    Repository.Created created = Repository.create(store, new Repository.Creation(16 << 10, here, "here"), Clock.systemUTC());
    repository = created.repository();
    recovery = created.recoveryKey();
    repository.addKey(there, "there");
    repository.addKey(stolen, "stolen");
  }

  private Repository open(UnlockSecret secret) throws IOException {
    return Repository.open(store, secret, Clock.systemUTC());
  }

  /** Leaves something sealed with the newest key of this instance, and returns where. */
  private static SessionId write(Repository by) throws IOException {
    ReaderSession session = by.sessions().openReader("host", "test");
    return session.id();
  }

  private static boolean reads(Repository by, SessionId session) throws IOException {
    try {
      return by.sessions().read(session).isPresent();
    } catch (UnreadableException.Rotated e) {
      return false;
    }
  }

  @Test
  void afterARotationTheKeptSecretsOpenAllAndTheOthersNothingNew() throws IOException {
    SessionId old = write(repository);
    Repository thief = open(stolen);
    KeyRotation rotation = repository.rotation(List.of(here, there));
    assertThat(rotation.lockedOut()).singleElement().satisfies(slot -> assertThat(slot.label()).isEqualTo("stolen"));
    KeyRotation.Outcome outcome = rotation.run();
    assertThat(outcome.epoch()).isEqualTo(2);
    assertThat(outcome.left()).isEmpty();
    assertThat(outcome.removed()).hasSize(4);
    assertThat(open(here).slots().list()).containsExactlyInAnyOrderElementsOf(outcome.slots()).extracting(KeySlot::label)
        .containsExactlyInAnyOrder("here", "there", "recovery key");
    SessionId recent = write(open(here));
    for (UnlockSecret each : List.of(here, there, RecoveryKey.parse(outcome.recoveryKey().orElseThrow()))) {
      assertThat(reads(open(each), old)).isTrue();
      assertThat(reads(open(each), recent)).isTrue();
    }
    assertThatThrownBy(() -> open(stolen)).isInstanceOf(UnreadableException.WrongKey.class);
    assertThatThrownBy(() -> open(RecoveryKey.parse(recovery))).isInstanceOf(UnreadableException.WrongKey.class);
    assertThat(reads(thief, old)).as("what was written before").isTrue();
    assertThat(reads(thief, recent)).isFalse();
  }

  @Test
  void whoHasItOpenGoesOnReadingAndIsToldBeforeItWritesWithTheOldKey() throws IOException {
    SessionId old = write(repository);
    Repository other = open(there);
    repository.rotation(List.of(here, there)).run();
    assertThat(other.isOutdated()).isTrue();
    assertThat(reads(other, old)).isTrue();
    SessionId late = write(other);
    assertThat(reads(open(here), late)).as("a session that was under way").isTrue();
    assertThatThrownBy(() -> other.addKey(stolen, "again")).isInstanceOf(UnreadableException.Rotated.class);
    assertThat(open(there).isOutdated()).isFalse();
  }

  @Test
  void aRecoveryKeyThatIsGivenStays() throws IOException {
    KeyRotation rotation = repository.rotation(List.of(here, there, stolen, RecoveryKey.parse(recovery)));
    assertThat(rotation.replacesRecoveryKey()).isFalse();
    assertThat(rotation.lockedOut()).isEmpty();
    assertThat(rotation.run().recoveryKey()).isEmpty();
    assertThat(reads(open(RecoveryKey.parse(recovery)), write(open(here)))).isTrue();
    assertThat(open(here).slots().list()).filteredOn(slot -> slot.kind() == SlotKind.RECOVERY).hasSize(1);
  }

  /** Killed before and after each request; then everybody works on, and the rotation is run again. */
  @Test
  void killedBetweenAnyTwoStepsItIsOpenedByTheSecretsAndNothingThatWasWrittenIsLost() throws IOException {
    boolean ended = false;
    for (int requests = 0; !ended; requests++) {
      for (boolean done : new boolean[] {false, true}) {
        ModelObjectStore own = new ModelObjectStore();
        Repository.create(own, new Repository.Creation(16 << 10, here, "here"), Clock.systemUTC()).repository().addKey(there, "there");
        EndingStore ending = new EndingStore(own, Integer.MAX_VALUE, false);
        Repository rotating = Repository.open(ending, here, Clock.systemUTC());
        KeyRotation rotation = rotating.rotation(List.of(here, there));
        ending.endAfter(requests, done);
        ended = isDone(rotation, ending);
        demandAllReadable(own, "killed after " + requests + " requests, the last one " + (done ? "done" : "not done"));
      }
      assertThat(requests).isLessThan(50);
    }
  }

  private static boolean isDone(KeyRotation rotation, EndingStore store) throws IOException {
    try {
      rotation.run();
      return true;
    } catch (ObjectStoreException.Unavailable e) {
      assertThat(store.isEnded()).isTrue();
      return false;
    }
  }

  private void demandAllReadable(ObjectStore own, String when) throws IOException {
    Repository a = Repository.open(own, here, Clock.systemUTC());
    Repository b = Repository.open(own, there, Clock.systemUTC());
    SessionId byA = write(a);
    SessionId byB = write(b);
    assertThat(reads(a, byB)).as(when).isTrue();
    assertThat(reads(b, byA)).as(when).isTrue();
    // By the other host, which may know less of what the first one began.
    KeyRotation.Outcome again = b.rotation(List.of(there, here)).run();
    for (UnlockSecret each : List.of(here, there)) {
      Repository anew = Repository.open(own, each, Clock.systemUTC());
      assertThat(reads(anew, byA)).as(when).isTrue();
      assertThat(reads(anew, byB)).as(when).isTrue();
      assertThat(anew.slots().list()).as(when).hasSameSizeAs(again.slots());
    }
  }

  @Test
  void ofTwoAtOnceOneWinsAndNothingIsLost() throws IOException {
    Repository other = open(there);
    EndingStore ending = new EndingStore(store, Integer.MAX_VALUE, false);
    KeyRotation slow = Repository.open(ending, here, Clock.systemUTC()).rotation(List.of(here, there, stolen));
    // It is paused just before it puts its key in force; the other one overtakes it.
    ending.before(key -> key.value().startsWith("epochs/"), () -> other.rotation(List.of(there, here, stolen)).run());
    assertThatThrownBy(slow::run).isInstanceOf(UnreadableException.Rotated.class).hasMessageContaining("at the same moment");
    SessionId session = write(open(here));
    for (UnlockSecret each : List.of(here, there, stolen)) {
      assertThat(reads(open(each), session)).isTrue();
    }
    assertThat(open(here).rotation(List.of(here)).run().epoch()).isEqualTo(3);
  }

  @Test
  void withSecretsThatWereLeftOutNobodyRotates() throws IOException {
    EndingStore undeletable = new EndingStore(store, Integer.MAX_VALUE, false);
    undeletable.refuseDeletes();
    Repository node = Repository.open(undeletable, here, Clock.systemUTC());
    KeyRotation.Outcome outcome = node.rotation(List.of(here)).run();
    assertThat(outcome.left()).hasSize(4);
    assertThatThrownBy(() -> open(there).rotation(List.of(there)).run()).isInstanceOf(UnreadableException.Rotated.class)
        .hasMessageContaining("left out of the last rotation");
    assertThat(reads(open(there), write(open(here)))).isFalse();
    assertThat(open(here).rotation(List.of(here)).run().left()).isEmpty();
    assertThatThrownBy(() -> open(there)).isInstanceOf(UnreadableException.WrongKey.class);
  }

  @Test
  void aSecretThatDoesNotOpenItIsToldAndNothingChanges() throws IOException {
    KeyFile foreign = new KeyFile(KeyFile.generate(RANDOM));
    assertThatThrownBy(() -> repository.rotation(List.of(here, foreign))).isInstanceOf(UnreadableException.WrongKey.class);
    assertThat(store.list("epochs/", Optional.empty(), 10).objects()).isEmpty();
    assertThat(store.head(new ObjectKey("epochs/0002"))).isEmpty();
    assertThatThrownBy(() -> store.get(new ObjectKey("epochs/0002"))).isInstanceOf(ObjectStoreException.NoSuchObject.class);
  }
}
