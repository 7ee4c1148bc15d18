package dev.moorage.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.volume.Owner;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeId;
import dev.moorage.volume.VolumeName;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Goal: one operation per key, refusals that say which, nothing left behind. Method: holds taken and released by hand. */
final class KeyedLockTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  private final KeyedLock locks = new KeyedLock();
  private final LockKey db = LockKey.of(VolumeId.random());
  private final LockKey web = LockKey.of(Owner.DOCKER, new VolumeName("web"));

  @Test
  void withoutPatienceTheSecondIsRefusedAndTheFirstIsNamed() throws VolumeException {
    try (KeyedLock.Hold _ = locks.acquire("grow volume db", Duration.ZERO, List.of(db))) {
      assertThatThrownBy(() -> locks.acquire("remove volume db", Duration.ZERO, List.of(db)))
          .isInstanceOf(VolumeException.Busy.class)
          .hasMessageContaining("cannot remove volume db")
          .hasMessageContaining("grow volume db");
      assertThat(locks.activity(db)).contains("grow volume db");
    }
  }

  @Test
  void patienceIsRewardedWhenTheFirstEnds() throws VolumeException, InterruptedException {
    KeyedLock.Hold first = locks.acquire("grow volume db", Duration.ZERO, List.of(db));
    Thread releaser = Thread.ofPlatform().start(first::close);
    locks.acquire("remove volume db", LONG, List.of(db)).close();
    releaser.join();
    assertThat(locks.isEmpty()).isTrue();
  }

  @Test
  void aRefusalReleasesTheKeysThatWereAlreadyTaken() throws VolumeException {
    KeyedLock.Hold first = locks.acquire("grow volume db", Duration.ZERO, List.of(db));
    assertThatThrownBy(() -> locks.acquire("clone volume db", Duration.ZERO, List.of(web, db)))
        .isInstanceOf(VolumeException.Busy.class);
    first.close();
    assertThat(locks.isEmpty()).isTrue();
  }

  @Test
  void aKeyThatIsNamedTwiceIsLockedOnce() throws VolumeException {
    locks.acquire("snapshot volumes", Duration.ZERO, List.of(db, db)).close();
    assertThat(locks.isEmpty()).isTrue();
  }

  @Test
  void releasingTwiceDoesNotReleaseTheNextHolder() throws VolumeException {
    KeyedLock.Hold first = locks.acquire("grow volume db", Duration.ZERO, List.of(db));
    first.close();
    try (KeyedLock.Hold _ = locks.acquire("grow volume db", Duration.ZERO, List.of(db))) {
      first.close();
      assertThat(locks.activity(db)).isPresent();
    }
  }
}
