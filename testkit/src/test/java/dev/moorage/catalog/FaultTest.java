package dev.moorage.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.backend.Origin;
import dev.moorage.testkit.backend.FaultyBackend;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import java.nio.file.Path;
import java.time.Clock;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A backend that fails in the middle of an operation leaves the catalog as it was, on disk, too. */
class FaultTest {

  @TempDir
  private Path directory;

  private Fixture fixture;
  private FaultyBackend faulty;

  @BeforeEach
  void open() throws Exception {
    fixture = new Fixture(directory);
    fixture.create("a");
    fixture.create("b");
    fixture.write("a", "rows");
    fixture.cut("one", "a");
    faulty = new FaultyBackend(fixture.backend);
    fixture.catalog = Catalog.open(fixture.pool, _ -> faulty, Clock.systemUTC());
  }

  private void refusedWithoutATrace(FaultyBackend.Call call, FaultyBackend.When when, ThrowingCallable operation) throws Exception {
    String before = fixture.summary();
    faulty.fail(call, when, 1);
    assertThatThrownBy(operation).isInstanceOf(VolumeException.Unavailable.class).hasMessageContaining("a fault was injected");
    assertThat(fixture.summary()).isEqualTo(before);
    fixture.reopen();
    assertThat(fixture.summary()).isEqualTo(before);
    assertThat(fixture.files()).isEqualTo(fixture.expectedFiles());
  }

  @ParameterizedTest
  @EnumSource
  void aFailingCreate(FaultyBackend.When when) throws Exception {
    refusedWithoutATrace(FaultyBackend.Call.CREATE, when, () -> fixture.create("c"));
    fixture.create("c");
  }

  @ParameterizedTest
  @EnumSource
  void aFailingCutOfAGroup(FaultyBackend.When when) throws Exception {
    refusedWithoutATrace(FaultyBackend.Call.CUT, when, () -> fixture.cut("two", "a", "b"));
    fixture.cut("two", "a", "b");
  }

  @ParameterizedTest
  @EnumSource
  void aFailingView(FaultyBackend.When when) throws Exception {
    refusedWithoutATrace(FaultyBackend.Call.CREATE, when, () -> fixture.catalog.createView(fixture.snapshot("a@one")));
  }

  @Test
  void aFailingReplacement() throws Exception {
    Snapshot snapshot = fixture.snapshot("a@one");
    Volume volume = fixture.volume("a");
    refusedWithoutATrace(FaultyBackend.Call.REPLACE, FaultyBackend.When.BEFORE, () -> fixture.catalog.replaceData(
        volume.withFilesystemSize(ByteSize.ofBytes(500)), new Origin.CloneOf(fixture.catalog.home(snapshot))));
    assertThat(fixture.volume("a")).isEqualTo(volume);
  }

  @Test
  void aFailingGrowth() throws Exception {
    Volume volume = fixture.volume("a");
    refusedWithoutATrace(FaultyBackend.Call.GROW, FaultyBackend.When.BEFORE,
        () -> fixture.catalog.grow(volume.id(), ByteSize.ofBytes(5000)));
  }

  @Test
  void aGrowthThatFailsAfterTheDataGrewIsAGrowth() throws Exception {
    faulty.fail(FaultyBackend.Call.GROW, FaultyBackend.When.AFTER, 1);
    assertThat(fixture.catalog.grow(fixture.volume("a").id(), ByteSize.ofBytes(5000)).spec().size().bytes()).isEqualTo(5000);
    assertThat(fixture.catalog.chargedBytes()).isEqualTo(5000 + 1000 + 40);
  }

  @Test
  void aFailingInspectionHindersDeletion() throws Exception {
    Volume volume = fixture.volume("a");
    refusedWithoutATrace(FaultyBackend.Call.INSPECT, FaultyBackend.When.BEFORE, () -> fixture.catalog.trash(volume.id()));
  }

  @Test
  void whatCannotBeDeletedNowIsReportedAndGoesLater() throws Exception {
    Volume volume = fixture.volume("a");
    fixture.catalog.trash(volume.id());
    faulty.fail(FaultyBackend.Call.DELETE, FaultyBackend.When.BEFORE, 1);
    fixture.catalog.purge(volume.id());
    assertThat(fixture.catalog.trashedVolumes()).isEmpty();
    assertThat(fixture.catalog.problems()).singleElement().asString().contains("a fault was injected");
    fixture.catalog.tidy();
    assertThat(fixture.catalog.problems()).isEmpty();
    assertThat(fixture.files()).isEqualTo(fixture.expectedFiles());
  }
}
