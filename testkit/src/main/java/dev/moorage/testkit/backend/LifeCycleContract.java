package dev.moorage.testkit.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.backend.Attachment;
import dev.moorage.backend.BackendFeature;
import dev.moorage.backend.DataState;
import dev.moorage.backend.Home;
import dev.moorage.backend.Origin;
import dev.moorage.pool.PoolLayout;
import dev.moorage.volume.Access;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Homes from create to delete: what every backend promises. */
public interface LifeCycleContract extends BackendUnderTest {

  @Test
  default void aNewVolumeIsEmptyToTheLastEntry() throws Exception {
    Home home = fixture().volume();
    try (Consumer consumer = fixture().use(home)) {
      assertThat(consumer.entries()).isEmpty();
      assertThat(consumer.read(0)).isZero();
    }
  }

  @Test
  default void whatWasWrittenIsThereAfterDetachAndAttach() throws Exception {
    Home home = fixture().volume();
    fixture().write(home, 3, 33);
    assertThat(fixture().read(home, 3)).isEqualTo(33);
  }

  @Test
  default void createOnAHomeThatHoldsDataStartsAgainFromNothing() throws Exception {
    Home home = fixture().volume();
    fixture().write(home, 1, 11);
    fixture().backend().create(home, fixture().spec(), new Origin.Empty());
    assertThat(fixture().read(home, 1)).isZero();
  }

  @Test
  default void attachOfAnAttachedHomeGivesTheSamePath() throws Exception {
    Home home = fixture().volume();
    Path first;
    try (Attachment one = fixture().backend().attach(home, fixture().spec());
        Attachment two = fixture().backend().attach(home, fixture().spec())) {
      first = one.path();
      assertThat(two.path()).isEqualTo(first);
    }
    fixture().backend().detach(home);
  }

  @Test
  default void attachWhileSomebodyUsesItGivesTheSamePath() throws Exception {
    Home home = fixture().volume();
    try (Attachment first = fixture().backend().attach(home, fixture().spec());
        Consumer consumer = fixture().use(home)) {
      consumer.write(0, 1);
      try (Attachment second = fixture().backend().attach(home, fixture().spec())) {
        assertThat(second.path()).isEqualTo(first.path());
      }
      assertThat(consumer.read(0)).isEqualTo(1);
    }
  }

  @Test
  default void detachOfADetachedHomeDoesNothing() throws Exception {
    Home home = fixture().volume();
    fixture().backend().detach(home);
    fixture().backend().detach(home);
    assertThat(fixture().read(home, 0)).isZero();
  }

  @Test
  default void detachOfAnAbsentHomeDoesNothing() throws Exception {
    fixture().backend().detach(fixture().home());
  }

  @Test
  default void detachForcesNobodyOff() throws Exception {
    Home home = fixture().volume();
    try (Consumer consumer = fixture().use(home)) {
      consumer.write(0, 1);
      fixture().backend().detach(home);
      assertThat(consumer.read(0)).isEqualTo(1);
    }
  }

  @Test
  default void deleteEmptiesTheHome() throws Exception {
    Home home = fixture().volume();
    fixture().write(home, 0, 1);
    fixture().backend().delete(home);
    assertThat(home.directory()).isEmptyDirectory();
    assertThat(fixture().backend().list()).doesNotContain(home);
  }

  @Test
  default void deleteOfAnAbsentHomeDoesNothing() throws Exception {
    Home home = fixture().volume();
    fixture().backend().delete(home);
    fixture().backend().delete(home);
    fixture().backend().delete(fixture().home());
  }

  @Test
  default void deleteOfOneHomeLeavesTheOthersAlone() throws Exception {
    Home doomed = fixture().volume();
    Home other = fixture().volume();
    fixture().write(doomed, 0, 1);
    fixture().write(other, 0, 2);
    fixture().backend().delete(doomed);
    assertThat(fixture().read(other, 0)).isEqualTo(2);
  }

  @Test
  default void growToThePresentSizeDoesNothing() throws Exception {
    Home home = fixture().volume();
    fixture().write(home, 0, 1);
    ByteSize before = fixture().backend().inspect(home).size();
    fixture().backend().grow(home, fixture().spec());
    assertThat(fixture().backend().inspect(home).size()).isEqualTo(before);
    assertThat(fixture().read(home, 0)).isEqualTo(1);
  }

  @Test
  default void whatHoldsNoDataIsNotFound() throws Exception {
    Home home = fixture().home();
    assertThatThrownBy(() -> fixture().backend().inspect(home)).isInstanceOf(VolumeException.NotFound.class);
    assertThatThrownBy(() -> fixture().backend().attach(home, fixture().spec())).isInstanceOf(VolumeException.NotFound.class);
    assertThatThrownBy(() -> fixture().backend().grow(home, fixture().spec())).isInstanceOf(VolumeException.NotFound.class);
  }

  @Test
  default void aHomeMayBeMovedWhileItIsNotAttached() throws Exception {
    Home home = fixture().volume();
    fixture().write(home, 0, 7);
    Home moved = fixture().move(home, fixture().pool().layout().trash());
    assertThat(fixture().read(moved, 0)).isEqualTo(7);
    Home back = fixture().move(moved, fixture().pool().layout().volumes());
    assertThat(fixture().read(back, 0)).isEqualTo(7);
  }

  @Test
  default void everyHomeIsListedWhereverItStands() throws Exception {
    PoolLayout layout = fixture().pool().layout();
    List<Home> homes = new ArrayList<>();
    for (Path place : List.of(layout.volumes(), layout.snapshots(), layout.bases(), layout.views(), layout.tmp(), layout.trash())) {
      Home home = fixture().homeIn(place);
      fixture().backend().create(home, fixture().spec(), new Origin.Empty());
      homes.add(home);
    }
    Home empty = fixture().home();
    assertThat(fixture().backend().list()).containsExactlyInAnyOrderElementsOf(homes).doesNotContain(empty);
  }

  @Test
  default void aHomeThatNobodyUsesIsIdle() throws Exception {
    Home home = fixture().volume();
    fixture().write(home, 0, 1);
    DataState state = fixture().backend().inspect(home);
    assertThat(state.idle()).isTrue();
    assertThat(state.device()).isEmpty();
  }

  @Test
  default void aDeviceInUseIsNeitherDeletedNorMadeAnew() throws Exception {
    Home home = fixture().volume();
    try (Consumer consumer = fixture().use(home)) {
      if (fixture().backend().inspect(home).device().isEmpty()) {
        // A tree without a device shows no users: the caller knows them.
        return;
      }
      consumer.write(0, 5);
      if (consumer.mountPoint().isPresent()) {
        assertThat(fixture().backend().inspect(home).idle()).isFalse();
      }
      assertThatThrownBy(() -> fixture().backend().delete(home)).isInstanceOf(VolumeException.InUse.class);
      assertThatThrownBy(() -> fixture().backend().create(home, fixture().spec(), new Origin.Empty()))
          .isInstanceOf(VolumeException.InUse.class);
      assertThat(consumer.read(0)).isEqualTo(5);
    }
    assertThat(fixture().read(home, 0)).isEqualTo(5);
  }

  @Test
  default void aCopySharesNothingAndTellsItsProgress() throws Exception {
    Home source = fixture().volume();
    fixture().write(source, 0, 1);
    fixture().write(source, 2, 2);
    List<Double> progress = new ArrayList<>();
    Home copy = fixture().make(fixture().spec(), new Origin.CopyOf(source, progress::add));
    fixture().write(copy, 0, 99);
    assertThat(fixture().read(source, 0)).isEqualTo(1);
    assertThat(fixture().read(copy, 2)).isEqualTo(2);
    assertThat(progress).isSorted().startsWith(0.0).endsWith(1.0);
  }

  @Test
  default void aCopyOfNothingIsNotFound() throws Exception {
    Home absent = fixture().home();
    assertThatThrownBy(() -> fixture().make(fixture().spec(), new Origin.CopyOf(absent, _ -> {})))
        .isInstanceOf(VolumeException.NotFound.class);
  }

  @Test
  default void rawDevicesAreMadeOrRefused() throws Exception {
    VolumeSpec spec = fixture().spec();
    VolumeSpec block = new VolumeSpec(ByteSize.ofMebibytes(4), spec.backend(), Access.BLOCK, spec.filesystem(), false);
    if (!fixture().backend().profile().has(BackendFeature.BLOCK_ACCESS)) {
      assertThatThrownBy(() -> fixture().make(block, new Origin.Empty())).isInstanceOf(VolumeException.Unsupported.class);
      return;
    }
    Home home = fixture().make(block, new Origin.Empty());
    try (Consumer consumer = fixture().use(home, block)) {
      assertThat(consumer.read(1023)).isZero();
      consumer.write(1023, 4);
      assertThat(consumer.read(1023)).isEqualTo(4);
    }
  }

  @Test
  default void differentHomesAreWorkedOnTogether() throws Exception {
    int workers = 6;
    List<Future<Long>> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(workers)) {
      for (int worker = 1; worker <= workers; worker++) {
        int value = worker;
        Callable<Long> life = () -> {
          Home home = fixture().volume();
          fixture().write(home, 0, value);
          long read = fixture().read(home, 0);
          fixture().backend().delete(home);
          return read;
        };
        results.add(threads.submit(life));
      }
    }
    List<Long> values = new ArrayList<>();
    for (Future<Long> result : results) {
      values.add(result.get());
    }
    assertThat(values).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
  }

  @Test
  default void aCapacityIsTold() throws Exception {
    assertThat(fixture().backend().capacity().total()).isPositive();
  }
}
