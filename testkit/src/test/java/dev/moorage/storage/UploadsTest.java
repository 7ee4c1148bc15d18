package dev.moorage.storage;

import static dev.moorage.storage.Host.ADMIN;
import static dev.moorage.storage.Host.DOCKER;
import static dev.moorage.storage.Host.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.moorage.pool.PoolLayout;
import dev.moorage.repository.Repository;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.restore.Restore;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.Until;
import dev.moorage.testkit.objectstore.FaultyStore;
import dev.moorage.testkit.objectstore.ModelObjectStore;
import dev.moorage.volume.DedupScope;
import dev.moorage.volume.RemoteCopy;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Goal: what {@link Uploads} promises, over a real pool. Method: calls as front ends make them, then a look into the repository. */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class UploadsTest {

  @SuppressWarnings("NullAway.Init")
  private SharedStore shared;

  @SuppressWarnings("NullAway.Init")
  private Host host;

  @BeforeEach
  void open() throws Exception {
    shared = SharedStore.create(new ModelObjectStore());
    host = new Host("alpha", shared.source());
    host.create("db");
  }

  @AfterEach
  void close() throws VolumeException {
    host.close();
  }

  private Uploads.Begun upload(String name) throws VolumeException {
    return host.storage.uploads().create(DOCKER, ref("db"), Optional.of(new SnapshotName(name)), SharedStore.NAME);
  }

  private Job ended(Job job) throws InterruptedException {
    Job ended = host.storage.jobs().await(job.id(), Host.LONG).orElseThrow();
    assertThat(ended.state()).as("%s", ended).isEqualTo(Job.State.DONE);
    return ended;
  }

  private void write(String text) throws Exception {
    Files.writeString(host.mount("db", "w").resolve("row"), text);
    host.unmount("db", "w");
  }

  private PoolLayout layout() {
    return new PoolLayout(host.pools.getFirst().root());
  }

  private List<SnapshotEntry> remote() throws IOException {
    try (Repository repository = shared.open()) {
      return repository.snapshots();
    }
  }

  private void assertRestores(SnapshotEntry entry, Path image) throws IOException {
    Path target = layout().directory().resolve("restored");
    try (Repository repository = shared.open(); var file = new RandomAccessFile(target.toFile(), "rw")) {
      file.setLength(entry.size());
      repository.restore(entry.seat(), target, target.resolveSibling("journal"), "test", new Restore.Settings(2, true, _ -> { }));
      assertThat(Files.mismatch(target, image)).isEqualTo(-1);
    }
    Files.delete(target);
    Files.delete(target.resolveSibling("journal"));
  }

  private Path image(Snapshot snapshot) {
    return layout().snapshot(snapshot.id()).resolve("image");
  }

  @Test
  void anUploadedSnapshotIsLocalAndRemoteAndRestoresBitForBit() throws Exception {
    write("one");
    Uploads.Begun begun = upload("first");
    ended(begun.job());
    SnapshotEntry entry = remote().getFirst();
    assertThat(entry.label()).isEqualTo("db@first");
    assertThat(entry.origin().host()).isEqualTo("alpha");
    assertRestores(entry, image(begun.snapshot()));
    Snapshot snapshot = host.storage.snapshots().find(DOCKER, SnapshotRef.parse("db@first")).orElseThrow();
    assertThat(snapshot.remotes()).extracting(RemoteCopy::repository, RemoteCopy::seq).containsExactly(
        tuple(SharedStore.NAME, 1L));
    assertThat(host.storage.volumes().status(DOCKER, ref("db")).uploads()).extracting(LastUpload::label).containsExactly("db@first");
    host.restart();
    assertThat(host.storage.snapshots().find(DOCKER, SnapshotRef.parse("db@first"))).contains(snapshot);
    assertThat(host.storage.volumes().status(DOCKER, ref("db")).uploads()).extracting(LastUpload::label).containsExactly("db@first");
  }

  /** The base becomes what the next snapshot is, so that the maps say that nothing changed since what is in the repository. */
  @Test
  void mapsThatKeepSilentRaiseAnAlarmAndAreNotBelievedAgain() throws Exception {
    write("one");
    ended(upload("first").job());
    write("two");
    Snapshot second = host.storage.snapshots().create(DOCKER, ref("db"), Optional.of(new SnapshotName("second")));
    WriterRecord.Key key;
    try (Repository repository = shared.open()) {
      key = new WriterRecord.Key(second.volume(), repository.header().id());
    }
    Bases bases = host.storagePools().all().getFirst().bases();
    Path base;
    try (Bases.Use use = bases.use(key)) {
      base = use.base().orElseThrow().image();
    }
    HeldImage.hold(image(second), base);
    LastUpload.Distrust why = new LastUpload.Distrust("db@before", 3, Instant.parse("2026-11-01T12:00:00Z"));
    bases.distrust(key, why);
    ended(host.storage.uploads().begin(DOCKER, SnapshotRef.parse("db@second"), SharedStore.NAME));
    assertThat(host.telemetry.events(0)).anySatisfy(event -> {
      assertThat(event.verb()).isEqualTo("compare");
      assertThat(event.subject()).isEqualTo("the extent maps of volume docker/db");
      assertThat(event.outcome()).isEqualTo("corrupt");
    });
    assertThat(host.telemetry.scrape()).containsPattern("verb=\"compare\".*1");
    assertThat(host.storage.volumes().status(DOCKER, ref("db")).lastError()).hasValueSatisfying(text -> assertThat(text)
        .contains("blocks had changed of which the maps did not tell").contains("Snapshot db@second is right"));
    assertRestores(remote().getFirst(), image(second));
    host.restart();
    try (Bases.Use use = host.storagePools().all().getFirst().bases().use(key)) {
      assertThat(use.record().distrusts()).isTrue();
    }
    assertThat(host.storage.volumes().status(DOCKER, ref("db")).uploads()).extracting(LastUpload::distrust)
        .as("still told after a restart, as it was first found").containsExactly(Optional.of(why));
    write("three");
    ended(upload("third").job());
    assertThat(host.storage.volumes().status(DOCKER, ref("db")).lastError()).as("the maps tell the truth now").isEmpty();
    assertThat(host.storage.volumes().status(DOCKER, ref("db")).uploads().getFirst().distrust()).as("but did not always").contains(why);
    assertThat(remote().getFirst().figures().get("bytesRead")).as("everything was read all the same").isGreaterThan(500_000);
  }

  @Test
  void theSameRequestAgainUploadsNothingTwice() throws Exception {
    Uploads.Begun begun = upload("first");
    ended(begun.job());
    ended(upload("first").job());
    assertThat(host.storage.jobs().list().stream().filter(each -> each.kind().equals("upload"))).as("the job is one").hasSize(1);
    host.restart();
    ended(host.storage.uploads().begin(ADMIN, SnapshotRef.parse("docker/db@first"), SharedStore.NAME));
    assertThat(remote()).hasSize(1);
  }

  @Test
  void whatAnotherHostHasForgottenIsUploadedAgainWhenItIsAskedFor() throws Exception {
    write("one");
    Uploads.Begun begun = upload("first");
    ended(begun.job());
    for (int round = 2; round <= 3; round++) {
      try (Repository repository = shared.open()) {
        repository.history().forget(repository.snapshots().getFirst().seat(), "another host");
      }
      ended(upload("first").job());
      SnapshotEntry entry = remote().getFirst();
      assertThat(entry.seat().seq()).isEqualTo(round);
      assertRestores(entry, image(begun.snapshot()));
      host.restart();
    }
    assertThat(remote()).hasSize(1);
  }

  @Test
  void aJobWhoseRecordSaysNothingFailsAndTheServiceStarts() throws Exception {
    host.close();
    host = new Host("alpha", shared.source(store -> new FaultyStore(store, 1, FaultyStore.Faults.all(1))));
    host.create("db");
    Job job = upload("first").job();
    host.storage.close();
    Path record = layout().jobs().resolve(job.id() + ".json");
    Files.writeString(record, Files.readString(record).replace("\"cutAt\"", "\"cutOff\""));
    host.storage = Storage.open(host.settings(), host.telemetry, shared.source());
    assertThat(host.storage.jobs().await(job.id(), Host.LONG).orElseThrow().error().orElseThrow()).contains("does not say what to upload");
    ended(upload("first").job());
  }

  @Test
  void theNextUploadReadsWhatChangedAlthoughTheLocalSnapshotIsGone() throws Exception {
    write("one");
    ended(upload("first").job());
    host.storage.snapshots().remove(DOCKER, SnapshotRef.parse("db@first"));
    host.storage.pools().emptyTrash(ADMIN, Optional.empty());
    write("two");
    Uploads.Begun second = upload("second");
    ended(second.job());
    SnapshotEntry entry = remote().getFirst();
    assertThat(entry.figures().get("bytesRead")).isLessThan(2L << 20);
    assertThat(entry.figures().get("bytesRead")).isLessThan(remote().getLast().figures().get("bytesRead"));
    assertRestores(entry, image(second.snapshot()));
    assertThat(bases()).hasSize(1);
  }

  private List<Path> bases() throws IOException {
    try (var files = Files.walk(layout().bases())) {
      return files.filter(each -> each.toString().endsWith(".image")).toList();
    }
  }

  @Test
  void withoutItsBaseTheNextUploadReadsEverythingAndStoresNothingTwice() throws Exception {
    write("one");
    ended(upload("first").job());
    Files.delete(bases().getFirst());
    Uploads.Begun second = upload("second");
    ended(second.job());
    assertThat(remote().getFirst().figures().get("blocksStored")).isLessThan(20);
    assertRestores(remote().getFirst(), image(second.snapshot()));
  }

  @Test
  void anUploadWaitsWhileTheStoreIsAwayAndTheSnapshotMayBeDeletedMeanwhile() throws Exception {
    host.close();
    FaultyStore[] link = new FaultyStore[1];
    host = new Host("alpha", shared.source(store -> link[0] = new FaultyStore(store, 1, FaultyStore.Faults.all(1))));
    host.create("db");
    write("precious");
    Uploads.Begun begun = upload("first");
    Until.demand("the job waits", Host.LONG, () -> host.storage.jobs().find(begun.job().id()).orElseThrow().state() == Job.State.WAITING);
    Path copy = layout().directory().resolve("copy");
    Files.copy(image(begun.snapshot()), copy, StandardCopyOption.REPLACE_EXISTING);
    host.storage.snapshots().remove(DOCKER, SnapshotRef.parse("db@first"));
    host.storage.pools().emptyTrash(ADMIN, Optional.empty());
    assertThat(host.storage.volumes().status(DOCKER, ref("db")).activity().orElseThrow()).startsWith("upload waits: ");
    host.restart();
    link[0].set(new FaultyStore.Faults(Map.of()));
    ended(begun.job());
    assertRestores(remote().getFirst(), copy);
    assertThat(Files.exists(layout().jobs().resolve(begun.job().id()))).isFalse();
  }

  @Test
  void aStoreThatFailsAllTheTimeGetsEverySnapshotOnce() throws Exception {
    host.close();
    FaultyStore[] link = new FaultyStore[1];
    host = new Host("alpha", shared.source(store -> link[0] = new FaultyStore(store, 7, new FaultyStore.Faults(Map.of()))));
    host.create("db");
    ended(upload("first").job());
    link[0].set(FaultyStore.Faults.all(60));
    for (String name : List.of("second", "third")) {
      write(name);
      Uploads.Begun begun = upload(name);
      ended(begun.job());
      assertRestores(remote().getFirst(), image(begun.snapshot()));
    }
    assertThat(remote()).extracting(SnapshotEntry::label).containsExactly("db@third", "db@second", "db@first");
    assertThat(link[0].happened()).as("something did fail").isNotEmpty();
  }

  @Test
  void theBaseOfAVolumeOfWhichNothingIsLeftIsDropped() throws Exception {
    ended(upload("first").job());
    host.storage.volumes().remove(DOCKER, ref("db"));
    host.storage.sweepNow();
    assertThat(bases()).as("the volume can be undone").hasSize(1);
    host.storage.snapshots().remove(DOCKER, SnapshotRef.parse("db@first"));
    host.storage.pools().emptyTrash(ADMIN, Optional.empty());
    host.storage.sweepNow();
    assertThat(bases()).isEmpty();
  }

  @Test
  void aCopyOfThePoolIsFoundOutAndNamed() throws Exception {
    ended(upload("first").job());
    Path saved = host.run().resolve("saved");
    Path record = bases().getFirst().resolveSibling("base.json");
    Files.copy(record, saved);
    ended(upload("second").job());
    host.storage.close();
    // As after the pool was set back to an earlier state of its disk while a copy of it went on.
    Files.copy(saved, record, StandardCopyOption.REPLACE_EXISTING);
    host.storage = Storage.open(host.settings(), host.telemetry, shared.source());
    Job job = host.storage.jobs().await(upload("third").job().id(), Host.LONG).orElseThrow();
    assertThat(job.state()).isEqualTo(Job.State.FAILED);
    assertThat(job.error().orElseThrow()).contains("host alpha").contains("db@second").contains("take-over");
    assertThat(remote()).hasSize(2);
  }

  /** Over the record of the job, which is what the upload goes by. */
  @Test
  void anUploadThatSharesNothingStoresAllAnew() throws Exception {
    write("one");
    ended(upload("first").job());
    Destination anew = new Destination(SharedStore.NAME, Optional.of(DedupScope.NONE));
    ended(host.storage.uploads().create(DOCKER, ref("db"), Optional.of(new SnapshotName("second")), anew).job());
    ended(upload("third").job());
    try (Repository repository = shared.open()) {
      List<SnapshotEntry> newestFirst = repository.snapshots();
      assertThat(newestFirst).extracting(each -> each.figures().getOrDefault("blocksStored", 0L) > 0).containsExactly(false, true, true);
      assertThat(newestFirst).extracting(each -> each.parent().isPresent()).containsExactly(true, false, false);
    }
  }

  @Test
  void anUnknownRepositoryIsRefusedBeforeAnythingIsCut() {
    assertThatThrownBy(() -> host.storage.uploads().create(DOCKER, ref("db"), Optional.empty(), "valut"))
        .isInstanceOf(VolumeException.NotFound.class).hasMessageContaining("There are: vault");
    assertThatThrownBy(() -> host.storage.snapshots().find(DOCKER, SnapshotRef.parse("db@latest")).orElseThrow());
  }
}
