package dev.moorage.testkit.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.backend.BackendFeature;
import dev.moorage.backend.Cut;
import dev.moorage.backend.Home;
import dev.moorage.backend.Origin;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeSpec;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Snapshots, clones, replacement and restore: as promised where the profile declares them, refused where it does not. */
public interface SharingContract extends BackendUnderTest {

  /** Whether the feature is there; when it is not, demands that the attempt is refused. */
  private boolean offers(BackendFeature feature, ThrowingCallable attempt) {
    if (fixture().backend().profile().has(feature)) {
      return true;
    }
    assertThatThrownBy(attempt).isInstanceOf(VolumeException.Unsupported.class);
    return false;
  }

  private boolean offersSnapshots(Home volume) {
    return offers(BackendFeature.SNAPSHOT, () -> fixture().cut(volume, Optional.empty()));
  }

  private boolean offersClones(Home volume) {
    return offers(BackendFeature.CLONE, () -> fixture().make(fixture().spec(), new Origin.CloneOf(volume)));
  }

  @Test
  default void aSnapshotHoldsItsMomentForEver() throws Exception {
    Home volume = fixture().volume();
    fixture().write(volume, 0, 1);
    if (offersSnapshots(volume)) {
      Home snapshot = fixture().cut(volume, Optional.empty());
      fixture().write(volume, 0, 2);
      fixture().write(volume, 1, 3);
      assertThat(fixture().readSnapshot(snapshot, 0, 1)).containsExactly(1L, 0L);
      assertThat(fixture().read(volume, 0)).isEqualTo(2);
    }
  }

  @Test
  default void aSnapshotOutlivesItsVolume() throws Exception {
    Home volume = fixture().volume();
    fixture().write(volume, 0, 1);
    if (offersSnapshots(volume)) {
      Home snapshot = fixture().cut(volume, Optional.empty());
      fixture().backend().delete(volume);
      assertThat(fixture().readSnapshot(snapshot, 0)).containsExactly(1L);
    }
  }

  @Test
  default void aVolumeOutlivesItsSnapshots() throws Exception {
    Home volume = fixture().volume();
    fixture().write(volume, 0, 1);
    if (offersSnapshots(volume)) {
      Home first = fixture().cut(volume, Optional.empty());
      fixture().write(volume, 0, 2);
      Home second = fixture().cut(volume, Optional.empty());
      fixture().backend().delete(first);
      assertThat(fixture().readSnapshot(second, 0)).containsExactly(2L);
      fixture().backend().delete(second);
      assertThat(fixture().read(volume, 0)).isEqualTo(2);
    }
  }

  @Test
  default void aSnapshotOfAVolumeInUseHasWhatWasWrittenBefore() throws Exception {
    Home volume = fixture().volume();
    if (offersSnapshots(volume)) {
      Home snapshot;
      try (Consumer consumer = fixture().use(volume)) {
        consumer.write(0, 1);
        consumer.writeWithoutSync(1, 2);
        snapshot = fixture().cut(volume, consumer.mountPoint());
        consumer.write(0, 9);
        consumer.write(1, 9);
      }
      assertThat(fixture().readSnapshot(snapshot, 0, 1)).containsExactly(1L, 2L);
    }
  }

  @Test
  default void aSnapshotIsCutAgainOverWhatAFailureLeft() throws Exception {
    Home volume = fixture().volume();
    if (offersSnapshots(volume)) {
      Home snapshot = fixture().cut(volume, Optional.empty());
      fixture().write(volume, 0, 1);
      fixture().backend().cut(List.of(new Cut(volume, snapshot, Optional.empty())));
      assertThat(fixture().readSnapshot(snapshot, 0)).containsExactly(1L);
    }
  }

  @Test
  default void aCutOfNothingDoesNothingAndOneOfAnAbsentVolumeIsNotFound() throws Exception {
    Home volume = fixture().volume();
    if (offersSnapshots(volume)) {
      fixture().backend().cut(List.of());
      Home absent = fixture().home();
      assertThatThrownBy(() -> fixture().cut(absent, Optional.empty())).isInstanceOf(VolumeException.NotFound.class);
    }
  }

  @Test
  default void manyVolumesAreCutTogether() throws Exception {
    Home one = fixture().volume();
    Home two = fixture().volume();
    fixture().write(one, 0, 1);
    fixture().write(two, 0, 2);
    if (offersSnapshots(one)) {
      Home first = fixture().homeIn(fixture().pool().layout().snapshots());
      Home second = fixture().homeIn(fixture().pool().layout().snapshots());
      fixture().backend().cut(List.of(new Cut(one, first, Optional.empty()), new Cut(two, second, Optional.empty())));
      assertThat(fixture().readSnapshot(first, 0)).containsExactly(1L);
      assertThat(fixture().readSnapshot(second, 0)).containsExactly(2L);
    }
  }

  @Test
  default void aCloneIsAVolumeOfItsOwn() throws Exception {
    Home volume = fixture().volume();
    fixture().write(volume, 0, 1);
    if (offersClones(volume)) {
      Home clone = fixture().make(fixture().spec(), new Origin.CloneOf(volume));
      fixture().write(clone, 0, 2);
      Home second = fixture().make(fixture().spec(), new Origin.CloneOf(clone));
      fixture().backend().delete(clone);
      assertThat(fixture().read(volume, 0)).isEqualTo(1);
      assertThat(fixture().read(second, 0)).isEqualTo(2);
    }
  }

  @Test
  default void aCloneOfAVolumeInUseHasWhatWasWrittenBefore() throws Exception {
    Home volume = fixture().volume();
    if (offersClones(volume)) {
      Home clone;
      try (Consumer consumer = fixture().use(volume)) {
        consumer.writeWithoutSync(0, 1);
        clone = fixture().make(fixture().spec(), new Origin.CloneOf(volume, consumer.mountPoint()));
      }
      assertThat(fixture().read(clone, 0)).isEqualTo(1);
    }
  }

  @Test
  default void aCloneMayBeLargerButNotSmaller() throws Exception {
    Home volume = fixture().make(fixture().larger(ByteSize.ofMebibytes(16)), new Origin.Empty());
    fixture().write(volume, 0, 1);
    if (offersClones(volume)) {
      ByteSize size = fixture().backend().inspect(volume).size();
      Home larger = fixture().make(fixture().larger(ByteSize.ofMebibytes(32)), new Origin.CloneOf(volume));
      assertThat(fixture().backend().inspect(larger).size()).isEqualTo(size.plus(ByteSize.ofMebibytes(16)));
      assertThat(fixture().read(larger, 0)).isEqualTo(1);
      assertThatThrownBy(() -> fixture().make(fixture().spec(), new Origin.CloneOf(volume)))
          .isInstanceOf(VolumeException.OutOfRange.class).hasMessageContaining(size.toString());
    }
  }

  @Test
  default void aCloneOfNothingIsNotFound() throws Exception {
    Home volume = fixture().volume();
    if (offersClones(volume)) {
      Home absent = fixture().home();
      assertThatThrownBy(() -> fixture().make(fixture().spec(), new Origin.CloneOf(absent)))
          .isInstanceOf(VolumeException.NotFound.class);
    }
  }

  @Test
  default void replaceGivesAHomeTheDataOfAnother() throws Exception {
    Home volume = fixture().volume();
    Home other = fixture().volume();
    fixture().write(volume, 0, 1);
    fixture().write(other, 0, 2);
    if (offers(BackendFeature.SNAPSHOT, () -> fixture().backend().replace(volume, other))) {
      fixture().backend().replace(volume, other);
      assertThat(fixture().read(volume, 0)).isEqualTo(2);
      assertThat(other.directory()).isEmptyDirectory();
      assertThatThrownBy(() -> fixture().backend().replace(volume, other)).isInstanceOf(VolumeException.NotFound.class);
      assertThat(fixture().read(volume, 0)).isEqualTo(2);
    }
  }

  @Test
  default void replaceIsRefusedWhileEitherIsInUse() throws Exception {
    Home volume = fixture().volume();
    Home other = fixture().volume();
    if (offers(BackendFeature.SNAPSHOT, () -> fixture().backend().replace(volume, other))) {
      for (Home used : List.of(volume, other)) {
        try (Consumer consumer = fixture().use(used)) {
          if (fixture().backend().inspect(used).device().isPresent()) {
            consumer.write(1, 1);
            assertThatThrownBy(() -> fixture().backend().replace(volume, other)).isInstanceOf(VolumeException.InUse.class);
          }
        }
      }
      assertThat(fixture().read(other, 0)).isZero();
    }
  }

  @Test
  default void rollbackIsACloneOfASnapshotFollowedByReplace() throws Exception {
    Home volume = fixture().volume();
    fixture().write(volume, 0, 1);
    if (offersSnapshots(volume)) {
      Home snapshot = fixture().cut(volume, Optional.empty());
      fixture().write(volume, 0, 2);
      Home past = fixture().make(fixture().spec(), new Origin.CloneOf(snapshot));
      fixture().backend().replace(volume, past);
      assertThat(fixture().read(volume, 0)).isEqualTo(1);
      assertThat(fixture().readSnapshot(snapshot, 0)).containsExactly(1L);
    }
  }

  @Test
  default void preallocatedVolumesAreMadeOrRefused() throws Exception {
    VolumeSpec spec = fixture().spec();
    VolumeSpec preallocated = new VolumeSpec(spec.size(), spec.backend(), spec.access(), spec.filesystem(), true);
    if (offers(BackendFeature.PREALLOCATE, () -> fixture().make(preallocated, new Origin.Empty()))) {
      Home home = fixture().make(preallocated, new Origin.Empty());
      assertThat(fixture().backend().inspect(home).allocated()).isGreaterThanOrEqualTo(spec.size().bytes());
      fixture().backend().grow(home, preallocated.withSize(spec.size().plus(ByteSize.ofMebibytes(8))));
      assertThat(fixture().backend().inspect(home).allocated())
          .isGreaterThanOrEqualTo(spec.size().plus(ByteSize.ofMebibytes(8)).bytes());
      Home clone = fixture().make(preallocated, new Origin.CopyOf(fixture().volume(), _ -> {}));
      assertThat(fixture().backend().inspect(clone).allocated()).isGreaterThanOrEqualTo(spec.size().bytes());
    }
  }

  @Test
  default void growMakesTheDataLargerAndNeverSmaller() throws Exception {
    Home home = fixture().volume();
    fixture().write(home, 0, 1);
    ByteSize before = fixture().backend().inspect(home).size();
    fixture().backend().grow(home, fixture().larger(ByteSize.ofMebibytes(8)));
    if (!before.equals(ByteSize.ofBytes(0))) {
      assertThat(fixture().backend().inspect(home).size()).isEqualTo(before.plus(ByteSize.ofMebibytes(8)));
      assertThatThrownBy(() -> fixture().backend().grow(home, fixture().spec())).isInstanceOf(VolumeException.OutOfRange.class);
    }
    assertThat(fixture().read(home, 0)).isEqualTo(1);
  }
}
