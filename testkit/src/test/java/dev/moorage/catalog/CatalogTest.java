package dev.moorage.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.backend.Home;
import dev.moorage.backend.Origin;
import dev.moorage.pool.PoolCapacity;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.Owner;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the operations do, and that a restart changes nothing of it. */
class CatalogTest {

  @TempDir
  private Path directory;

  private Fixture fixture;

  @BeforeEach
  void open() throws Exception {
    fixture = new Fixture(directory);
  }

  @AfterEach
  void aRestartFindsTheSameAndNothingIsLeftOver() throws Exception {
    String before = fixture.summary();
    fixture.reopen();
    assertThat(fixture.summary()).isEqualTo(before);
    assertThat(fixture.files()).isEqualTo(fixture.expectedFiles());
    assertThat(fixture.catalog.problems()).isEmpty();
  }

  @Test
  void aCreatedVolumeIsFoundByIdAndByName() throws Exception {
    Volume volume = fixture.create("db");
    assertThat(fixture.catalog.volume(volume.id())).contains(volume);
    assertThat(fixture.volume("db")).isEqualTo(volume);
    assertThat(fixture.catalog.volume(Owner.LOCAL, new VolumeName("db"))).isEmpty();
    assertThat(fixture.catalog.chargedBytes()).isEqualTo(1000);
  }

  @Test
  void aNameServesOneVolumeOfAnOwner() throws Exception {
    fixture.create("db");
    assertThatThrownBy(() -> fixture.create("db")).isInstanceOf(VolumeException.AlreadyExists.class);
    assertThat(fixture.catalog.volumes()).hasSize(1);
  }

  @Test
  void aRenamedVolumeGivesItsOldNameBack() throws Exception {
    Volume volume = fixture.create("db");
    fixture.catalog.update(volume.withName(new VolumeName("data")));
    assertThat(fixture.volume("data").id()).isEqualTo(volume.id());
    fixture.create("db");
    assertThat(fixture.catalog.volumes()).hasSize(2);
  }

  @Test
  void growthIsChargedAndNeverGoesBack() throws Exception {
    Volume volume = fixture.create("db");
    Volume grown = fixture.catalog.grow(volume.id(), ByteSize.ofBytes(3000));
    assertThat(grown.spec().size().bytes()).isEqualTo(3000);
    assertThat(grown.filesystemSize().bytes()).isEqualTo(1000);
    assertThat(fixture.catalog.chargedBytes()).isEqualTo(3000);
    assertThatThrownBy(() -> fixture.catalog.grow(volume.id(), ByteSize.ofBytes(2000)))
        .isInstanceOf(VolumeException.OutOfRange.class);
  }

  @Test
  void aDeletedVolumeIsInTheTrashUntilItIsRestored() throws Exception {
    Volume volume = fixture.create("db");
    fixture.write("db", "rows");
    fixture.catalog.trash(volume.id());
    assertThat(fixture.catalog.volume(volume.id())).isEmpty();
    assertThat(fixture.catalog.trashedVolumes()).hasSize(1);
    assertThat(fixture.catalog.chargedBytes()).isEqualTo(1000);
    fixture.create("db");
    assertThatThrownBy(() -> fixture.catalog.restoreVolume(volume.id(), new VolumeName("db")))
        .isInstanceOf(VolumeException.AlreadyExists.class);
    fixture.catalog.restoreVolume(volume.id(), new VolumeName("old"));
    assertThat(fixture.text("old")).isEqualTo("rows");
  }

  @Test
  void aPurgedVolumeGivesItsChargeBack() throws Exception {
    Volume volume = fixture.create("db");
    fixture.catalog.trash(volume.id());
    fixture.catalog.purge(volume.id());
    fixture.catalog.purge(volume.id());
    assertThat(fixture.catalog.chargedBytes()).isZero();
    assertThat(fixture.files()).isEmpty();
  }

  @Test
  void aVolumeInUseIsNeitherDeletedNorPurged() throws Exception {
    Volume volume = fixture.create("db");
    fixture.backend.use(fixture.catalog.home(volume));
    assertThatThrownBy(() -> fixture.catalog.trash(volume.id())).isInstanceOf(VolumeException.InUse.class);
    fixture.backend.leave(fixture.catalog.home(volume));
    fixture.catalog.trash(volume.id());
    fixture.backend.use(fixture.catalog.home(volume));
    assertThatThrownBy(() -> fixture.catalog.purge(volume.id())).isInstanceOf(VolumeException.InUse.class);
    assertThat(fixture.catalog.trashedVolumes()).hasSize(1);
    fixture.backend.leave(fixture.catalog.home(volume));
  }

  @Test
  void aSnapshotKeepsWhatWasThereAndOutlivesItsVolume() throws Exception {
    Volume volume = fixture.create("db");
    fixture.write("db", "before");
    Snapshot snapshot = fixture.cut("one", "db").getFirst();
    fixture.write("db", "after");
    fixture.catalog.trash(volume.id());
    fixture.catalog.purge(volume.id());
    assertThat(FileBackend.text(fixture.catalog.home(snapshot))).isEqualTo("before");
    assertThat(fixture.catalog.snapshotsOf(volume.id())).containsExactly(snapshot);
    assertThat(fixture.catalog.snapshotsOf(Owner.DOCKER, new VolumeName("db"))).containsExactly(snapshot);
    assertThat(fixture.catalog.chargedBytes()).as("ten bytes for each character").isEqualTo(60);
  }

  @Test
  void snapshotsAreListedOldestFirstAndTheirNamesAreUniquePerVolume() throws Exception {
    Volume volume = fixture.create("db");
    fixture.cut("zulu", "db");
    fixture.cut("alpha", "db");
    assertThat(fixture.catalog.snapshotsOf(volume.id())).extracting(each -> each.name().value()).containsExactly("zulu", "alpha");
    assertThatThrownBy(() -> fixture.cut("alpha", "db")).isInstanceOf(VolumeException.AlreadyExists.class);
  }

  @Test
  void aGroupHasOneMomentAndOneId() throws Exception {
    fixture.create("a");
    fixture.create("b");
    List<Snapshot> group = fixture.cut("both", "a", "b");
    assertThat(group).extracting(Snapshot::createdAt).containsOnly(group.getFirst().createdAt());
    assertThat(group).extracting(Snapshot::group).containsOnly(group.getFirst().group()).doesNotContain(Optional.empty());
  }

  @Test
  void aGroupWithAMemberThatCannotBeCutIsNotCutAtAll() throws Exception {
    fixture.create("a");
    fixture.create("b");
    fixture.cut("both", "b");
    assertThatThrownBy(() -> fixture.cut("both", "a", "b")).isInstanceOf(VolumeException.AlreadyExists.class);
    assertThat(fixture.catalog.snapshots()).hasSize(1);
  }

  @Test
  void aDeletedSnapshotCanBeRestoredUnlessItsNameIsTaken() throws Exception {
    fixture.create("db");
    Snapshot first = fixture.cut("one", "db").getFirst();
    fixture.catalog.trash(first.id());
    assertThat(fixture.catalog.snapshotsOf(first.volume())).isEmpty();
    Snapshot second = fixture.cut("one", "db").getFirst();
    assertThatThrownBy(() -> fixture.catalog.restoreSnapshot(first.id())).isInstanceOf(VolumeException.AlreadyExists.class);
    fixture.catalog.trash(second.id());
    fixture.catalog.purge(second.id());
    fixture.catalog.restoreSnapshot(first.id());
    assertThat(fixture.snapshot("db@one")).isEqualTo(first);
  }

  @Test
  void replacedDataIsThatOfTheSnapshotAndTheFilesystemSizeIsLowered() throws Exception {
    Volume volume = fixture.create("db");
    fixture.write("db", "good");
    Snapshot snapshot = fixture.cut("good", "db").getFirst();
    Volume grown = fixture.catalog.grow(volume.id(), ByteSize.ofBytes(2000));
    Volume used = fixture.catalog.update(grown.withFilesystemSize(ByteSize.ofBytes(2000)));
    fixture.write("db", "bad");
    fixture.catalog.replaceData(
        used.withFilesystemSize(snapshot.filesystemSize()), new Origin.CloneOf(fixture.catalog.home(snapshot)));
    assertThat(fixture.text("db")).isEqualTo("good");
    assertThat(fixture.volume("db").filesystemSize().bytes()).isEqualTo(1000);
    assertThat(fixture.catalog.chargedBytes()).isEqualTo(2000 + 40);
  }

  @Test
  void dataInUseIsNotReplaced() throws Exception {
    Volume volume = fixture.create("db");
    Snapshot snapshot = fixture.cut("good", "db").getFirst();
    fixture.backend.use(fixture.catalog.home(volume));
    assertThatThrownBy(() -> fixture.catalog.replaceData(volume, new Origin.CloneOf(fixture.catalog.home(snapshot))))
        .isInstanceOf(VolumeException.InUse.class);
    fixture.backend.leave(fixture.catalog.home(volume));
  }

  @Test
  void aViewIsAWritableCloneThatKeepsItsSnapshotFromBeingDeleted() throws Exception {
    fixture.create("db");
    fixture.write("db", "rows");
    Snapshot snapshot = fixture.cut("one", "db").getFirst();
    Home view = fixture.catalog.createView(snapshot);
    assertThat(fixture.catalog.createView(snapshot)).isEqualTo(view);
    assertThat(FileBackend.text(view)).isEqualTo("rows");
    assertThat(fixture.catalog.views()).containsExactly(snapshot.id());
    assertThatThrownBy(() -> fixture.catalog.trash(snapshot.id())).isInstanceOf(VolumeException.InUse.class);
    fixture.reopen();
    assertThat(fixture.catalog.view(snapshot.id())).contains(view);
    fixture.catalog.deleteView(snapshot.id());
    fixture.catalog.deleteView(snapshot.id());
    assertThat(fixture.catalog.chargedBytes()).isEqualTo(1000 + 40);
  }

  @Test
  void aPoolPromisesNoMoreThanItCan() throws Exception {
    fixture.pool.promisable(2500);
    fixture.create("a");
    Volume second = fixture.create("b");
    assertThatThrownBy(() -> fixture.create("c"))
        .isInstanceOf(VolumeException.NoSpace.class)
        .hasMessageContaining("cannot create volume c")
        .hasMessageContaining("has promised 2.0K");
    assertThatThrownBy(() -> fixture.catalog.grow(second.id(), ByteSize.ofBytes(2000)))
        .isInstanceOf(VolumeException.NoSpace.class);
    fixture.write("a", "x".repeat(60));
    assertThatThrownBy(() -> fixture.cut("one", "a")).isInstanceOf(VolumeException.NoSpace.class);
    fixture.write("a", "x".repeat(40));
    fixture.cut("one", "a");
    assertThat(fixture.catalog.chargedBytes()).isEqualTo(2400);
  }

  @Test
  void aDiskThatIsAlmostFullTakesNothingNew() throws Exception {
    fixture.create("a");
    fixture.pool.capacity = new PoolCapacity(100_000, 1_500, 0, 1_000_000);
    assertThatThrownBy(() -> fixture.create("b")).isInstanceOf(VolumeException.NoSpace.class).hasMessageContaining("free");
    assertThatThrownBy(() -> fixture.cut("one", "a")).isInstanceOf(VolumeException.NoSpace.class);
    assertThat(fixture.catalog.chargedBytes()).isEqualTo(1000);
  }

  @Test
  void whateverRunsTogetherThePromiseAndTheNamesAreExact() throws Exception {
    fixture.pool.promisable(20_500);
    List<Volume> drafts = IntStream.range(0, 64).mapToObj(i -> fixture.draft("v" + i % 32, 1000)).toList();
    List<Callable<Boolean>> calls = drafts.stream().<Callable<Boolean>>map(draft -> () -> {
      try {
        fixture.catalog.create(draft, new Origin.Empty());
        return true;
      } catch (VolumeException.NoSpace | VolumeException.AlreadyExists e) {
        return false;
      }
    }).toList();
    int made = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<Boolean> each : threads.invokeAll(calls)) {
        made += each.get() ? 1 : 0;
      }
    }
    assertThat(made).isEqualTo(20);
    assertThat(fixture.catalog.volumes()).hasSize(20).extracting(Volume::name).doesNotHaveDuplicates();
    assertThat(fixture.catalog.chargedBytes()).isEqualTo(20_000);
  }

  @Test
  void aCutOfAnUnknownVolumeIsRefused() {
    SnapshotDraft draft = new SnapshotDraft(new SnapshotId(fixture.id()), fixture.draft("no", 1).id(),
        new SnapshotName("one"), Optional.empty());
    assertThatThrownBy(() -> fixture.catalog.cut(List.of(draft))).isInstanceOf(VolumeException.NotFound.class);
  }
}
