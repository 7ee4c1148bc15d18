package dev.moorage.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.backend.Home;
import dev.moorage.backend.Origin;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start makes of a pool that is not as a clean stop leaves it. */
class RecoveryTest {

  @TempDir
  private Path directory;

  private Fixture fixture;

  @BeforeEach
  void open() throws Exception {
    fixture = new Fixture(directory);
  }

  private Path record(Volume volume) {
    return fixture.catalog.home(volume).directory().resolve("volume.json");
  }

  @Test
  void aCorruptRecordIsReportedAndNothingElseSuffers() throws Exception {
    Volume bad = fixture.create("bad");
    Volume good = fixture.create("good");
    Path record = record(bad);
    Files.writeString(record, "{ not a record");
    fixture.reopen();
    assertThat(fixture.catalog.volumes()).containsExactly(good);
    assertThat(fixture.catalog.problems()).singleElement().satisfies(problem -> {
      assertThat(problem.path()).isEqualTo(record.getParent());
      assertThat(problem.toString()).contains("volume.json", "Put back a good copy");
    });
    assertThat(record).exists();
    assertThat(record.resolveSibling("data")).exists();
  }

  @Test
  void aRecordOfANewerMoorageIsLeftAlone() throws Exception {
    Volume volume = fixture.create("db");
    Files.writeString(record(volume), Files.readString(record(volume)).replaceFirst("\"format\": *1", "\"format\": 2"));
    fixture.reopen();
    assertThat(fixture.catalog.volumes()).isEmpty();
    assertThat(fixture.catalog.problems()).singleElement().asString().contains("newer Moorage");
  }

  @Test
  void everyFieldThatIsCutOffIsACorruptRecordAndNoMore() throws Exception {
    Volume volume = fixture.create("db");
    byte[] whole = Files.readAllBytes(record(volume));
    for (int length = 0; length < whole.length - 2; length += 7) {
      Files.write(record(volume), java.util.Arrays.copyOf(whole, length));
      fixture.reopen();
      assertThat(fixture.catalog.problems()).hasSize(1);
    }
  }

  @Test
  void whatMoorageDidNotMakeIsReportedAndLeftAlone() throws Exception {
    Path file = Files.writeString(fixture.pool.layout().volumes().resolve("notes.txt"), "text");
    Path inTmp = Files.createDirectory(fixture.pool.layout().tmp().resolve("mine"));
    Path empty = Files.createDirectory(fixture.pool.layout().snapshots().resolve(UUID.randomUUID().toString()));
    Path view = Files.createDirectory(fixture.pool.layout().views().resolve("view"));
    fixture.reopen();
    assertThat(fixture.catalog.problems()).extracting(Problem::path).containsExactlyInAnyOrder(file, inTmp, empty, view);
    assertThat(file).exists();
    assertThat(inTmp).exists();
    assertThat(empty).exists();
  }

  @Test
  void aForeignFileInAHalfMadeHomeIsNotDeleted() throws Exception {
    Path home = Files.createDirectory(fixture.pool.layout().tmp(UUID.randomUUID()));
    Files.writeString(home.resolve("volume.json.new"), "half");
    Path precious = Files.writeString(home.resolve("precious"), "text");
    fixture.reopen();
    assertThat(precious).exists();
    assertThat(fixture.catalog.problems()).singleElement().asString().contains("did not make");
    Files.delete(precious);
    fixture.catalog.tidy();
    assertThat(fixture.catalog.problems()).isEmpty();
    assertThat(home).doesNotExist();
  }

  @Test
  void aHalfMadeHomeInUseIsLeftUntilNobodyUsesIt() throws Exception {
    UUID id = UUID.randomUUID();
    Home home = new Home(id, Files.createDirectory(fixture.pool.layout().tmp(id)));
    fixture.backend.create(home, fixture.draft("x", 1).spec(), new Origin.Empty());
    fixture.backend.use(home);
    fixture.reopen();
    assertThat(fixture.catalog.problems()).singleElement().asString().contains("the test uses it");
    fixture.catalog.tidy();
    assertThat(fixture.catalog.problems()).hasSize(1);
    fixture.backend.leave(home);
    fixture.catalog.tidy();
    assertThat(fixture.catalog.problems()).isEmpty();
    assertThat(home.directory()).doesNotExist();
  }

  @Test
  void anUnfinishedRecordBesideAWholeOneIsRemoved() throws Exception {
    Volume volume = fixture.create("db");
    Path unfinished = Files.writeString(record(volume).resolveSibling("volume.json.new"), "half");
    fixture.reopen();
    assertThat(unfinished).doesNotExist();
    assertThat(fixture.volume("db")).isEqualTo(volume);
  }

  @Test
  void theOlderOfTwoVolumesKeepsTheNameBothBear() throws Exception {
    Volume older = fixture.create("db");
    Volume younger = fixture.create("other");
    VolumeRecord.write(fixture.catalog.home(younger).directory(), younger.withName(new VolumeName("db")));
    fixture.reopen();
    assertThat(fixture.volume("db").id()).isEqualTo(older.id());
    assertThat(fixture.catalog.volume(younger.id())).isPresent();
    assertThat(fixture.catalog.problems()).singleElement().asString().contains("an older volume bears its name");
    fixture.catalog.trash(younger.id());
    assertThat(fixture.volume("db").id()).isEqualTo(older.id());
    fixture.catalog.restoreVolume(younger.id(), new VolumeName("db2"));
    fixture.reopen();
    assertThat(fixture.catalog.problems()).isEmpty();
  }

  @Test
  void aHomeThatBearsAnotherIdIsReported() throws Exception {
    Volume volume = fixture.create("db");
    Path home = fixture.catalog.home(volume).directory();
    Files.move(home, home.resolveSibling(UUID.randomUUID().toString()));
    fixture.reopen();
    assertThat(fixture.catalog.volumes()).isEmpty();
    assertThat(fixture.catalog.problems()).singleElement().asString().contains("its record is that of " + volume.id());
  }

  @Test
  void aVolumeInTwoPlacesIsTakenFromTheOneWhereItBelongs() throws Exception {
    Volume volume = fixture.create("db");
    Path copy = Files.createDirectory(fixture.pool.layout().trash(volume.id().value()));
    Files.copy(record(volume), copy.resolve("volume.json"));
    fixture.reopen();
    assertThat(fixture.catalog.volumes()).containsExactly(volume);
    assertThat(fixture.catalog.problems()).singleElement().asString().contains("where another stands");
    assertThat(fixture.catalog.chargedBytes()).isEqualTo(1000);
  }

  @Test
  void aGroupOfWhichAMemberIsMissingIsTakenBack() throws Exception {
    fixture.create("a");
    fixture.create("b");
    Snapshot first = fixture.cut("both", "a", "b").getFirst();
    Snapshot second = fixture.snapshot("b@both");
    GroupMarker.of(fixture.pool.layout(), first.group().orElseThrow(), java.util.List.of(first.id(), second.id())).write();
    Path home = fixture.catalog.home(second).directory();
    Files.delete(home.resolve("snapshot.json"));
    Files.delete(home.resolve("data"));
    Files.delete(home);
    fixture.reopen();
    assertThat(fixture.catalog.snapshots()).isEmpty();
    assertThat(fixture.catalog.problems()).isEmpty();
    assertThat(fixture.files()).isEqualTo(fixture.expectedFiles());
  }

  @Test
  void aCorruptGroupMarkerHindersNothing() throws Exception {
    fixture.create("a");
    Path marker = Files.writeString(fixture.pool.layout().tmp().resolve("group-x.json"), "{}");
    fixture.reopen();
    assertThat(fixture.volume("a")).isNotNull();
    assertThat(fixture.catalog.problems()).extracting(Problem::path).containsExactly(marker);
  }

  @Test
  void aViewWithoutItsSnapshotIsRemoved() throws Exception {
    fixture.create("a");
    Snapshot snapshot = fixture.cut("one", "a").getFirst();
    Home view = fixture.catalog.createView(snapshot);
    Path home = fixture.catalog.home(snapshot).directory();
    Files.delete(home.resolve("snapshot.json"));
    Files.delete(home.resolve("data"));
    Files.delete(home);
    fixture.reopen();
    assertThat(fixture.catalog.views()).isEmpty();
    assertThat(view.directory()).doesNotExist();
    assertThat(fixture.files()).isEqualTo(fixture.expectedFiles());
  }

  @Test
  void aPoolWhoseDirectoriesAreGoneCannotBeOpened() throws Exception {
    Files.delete(fixture.pool.layout().volumes());
    assertThatThrownBy(fixture::reopen).isInstanceOf(VolumeException.Unavailable.class).hasMessageContaining("pool small");
  }

  @Test
  void aTrashedVolumeThatIsMarkedLivingGoesBackToTheVolumes() throws Exception {
    Volume volume = fixture.create("db");
    fixture.catalog.trash(volume.id());
    VolumeRecord.write(fixture.pool.layout().trash(volume.id().value()), volume.withDeletedAt(Optional.empty()));
    fixture.reopen();
    assertThat(fixture.volume("db")).isEqualTo(volume);
    assertThat(fixture.files()).isEqualTo(fixture.expectedFiles());
  }
}
