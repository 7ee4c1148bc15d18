package dev.moorage.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The rule of references, by the stories that it was made for. */
class ReferencesTest {

  private static final ReferenceKey DB = new ReferenceKey.Counted("db-mount");
  private static final ReferenceKey WEB = new ReferenceKey.Counted("web-mount");
  private static final ReferenceKey POD = new ReferenceKey.Once("/var/lib/kubelet/pods/1/mount");

  @Test
  void aStopAndAStartBalance() {
    References running = References.NONE.mounted(DB, 1, false);
    assertThat(running.isEmpty()).isFalse();
    assertThat(running.unmounted(DB)).isEqualTo(References.NONE);
  }

  @Test
  void nestedMountsOfOneIdAreCounted() {
    References copying = References.NONE.mounted(DB, 1, false).mounted(DB, 1, true);
    assertThat(copying.consumers()).isEqualTo(1);
    assertThat(copying.unmounted(DB).isEmpty()).isFalse();
    assertThat(copying.unmounted(DB).unmounted(DB).isEmpty()).isTrue();
  }

  @Test
  void nestedMountsAreCountedAlsoWhenTheDeviceSeemsIdle() {
    References copying = References.NONE.mounted(DB, 1, false).mounted(DB, 1, false);
    assertThat(copying.unmounted(DB).isEmpty()).isFalse();
  }

  @Test
  void anUnmountOfAnUnknownIdChangesNothing() {
    References running = References.NONE.mounted(DB, 1, false);
    assertThat(running.unmounted(WEB)).isEqualTo(running);
    assertThat(References.NONE.unmounted(WEB)).isEqualTo(References.NONE);
  }

  @Test
  void anEngineThatCrashedMountsAgainAndOneUnmountReleases() {
    References crashed = References.NONE.mounted(DB, 1, false).mounted(DB, 1, false);
    References again = crashed.mounted(DB, 2, false);
    assertThat(again.unmounted(DB).isEmpty()).isTrue();
  }

  @Test
  void copyingFromAContainerThatOutlivedItsEngineDoesNotTakeItsReferenceAway() {
    References running = References.NONE.mounted(DB, 1, false);
    References copied = running.mounted(DB, 2, true).unmounted(DB);
    assertThat(copied.isEmpty()).as("the container still runs").isFalse();
    assertThat(copied.unmounted(DB).isEmpty()).as("the container stopped").isTrue();
  }

  @Test
  void severalContainersAreKeptApart() {
    References two = References.NONE.mounted(DB, 1, false).mounted(WEB, 1, true);
    assertThat(two.consumers()).isEqualTo(2);
    assertThat(two.unmounted(DB).unmounted(DB).isEmpty()).isFalse();
    assertThat(two.unmounted(DB).unmounted(WEB).isEmpty()).isTrue();
  }

  @Test
  void aPathCountsOnceHoweverOftenItIsRepeated() {
    References published = References.NONE.mounted(POD, 1, false).mounted(POD, 1, true).mounted(POD, 2, true);
    assertThat(published.unmounted(POD).isEmpty()).isTrue();
  }

  @Test
  void onlyCountedReferencesFromBeforeAnEpochAreStale() {
    References old = References.NONE.mounted(DB, 1, false);
    assertThat(old.isStale(1)).isFalse();
    assertThat(old.isStale(2)).isTrue();
    assertThat(old.mounted(WEB, 2, true).isStale(2)).isFalse();
    assertThat(old.mounted(POD, 1, true).isStale(2)).isFalse();
  }
}
