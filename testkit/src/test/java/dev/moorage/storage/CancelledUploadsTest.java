package dev.moorage.storage;

import static dev.moorage.storage.Host.ADMIN;
import static dev.moorage.storage.Host.DOCKER;
import static dev.moorage.storage.Host.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.objectstore.ObjectStore;
import dev.moorage.pool.PoolLayout;
import dev.moorage.repository.Repository;
import dev.moorage.repository.history.HistoryEntry;
import dev.moorage.repository.history.Seat;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.history.VoidEntry;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.Until;
import dev.moorage.testkit.objectstore.ModelObjectStore;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Goal: an upload is cancelled wherever it stands, and what is told of it is true. Method: a store that stops answering where the test wants. */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class CancelledUploadsTest {

  @SuppressWarnings("NullAway.Init")
  private SharedStore shared;

  @SuppressWarnings("NullAway.Init")
  private Host host;

  private void open(UnaryOperator<ObjectStore> seen) throws Exception {
    shared = SharedStore.create(new ModelObjectStore());
    host = new Host("alpha", shared.source(seen));
    host.create("db");
    Files.writeString(host.mount("db", "w").resolve("row"), "precious");
    host.unmount("db", "w");
  }

  @AfterEach
  void close() throws VolumeException {
    host.close();
  }

  private Uploads.Begun upload(String name) throws VolumeException {
    return host.storage.uploads().create(DOCKER, ref("db"), Optional.of(new SnapshotName(name)), SharedStore.NAME);
  }

  private Job cancel(Job job) throws VolumeException {
    return host.storage.jobs().cancel(ADMIN, job.id());
  }

  private Job.State state(Job job) {
    return host.storage.jobs().find(job.id()).orElseThrow().state();
  }

  private void awaitState(Job job, Job.State state) {
    Until.demand("the job is " + state, Host.LONG, () -> state(job) == state);
  }

  private void assertUploads(String name, long seq) throws Exception {
    Uploads.Begun begun = upload(name);
    assertThat(host.storage.jobs().await(begun.job().id(), Duration.ofSeconds(20)).orElseThrow().state()).isEqualTo(Job.State.DONE);
    try (Repository repository = shared.open()) {
      assertThat(repository.snapshots().getFirst().seat().seq()).isEqualTo(seq);
      assertThat(repository.snapshots().getFirst().label()).isEqualTo("db@" + name);
    }
  }

  private List<SnapshotEntry> remote() throws IOException {
    try (Repository repository = shared.open()) {
      return repository.snapshots();
    }
  }

  private HistoryEntry seat(Snapshot snapshot, long seq) throws IOException {
    try (Repository repository = shared.open()) {
      return repository.history().entry(new Seat(snapshot.volume(), seq));
    }
  }

  /** That nothing of it is kept here but the snapshot. */
  private void assertLeft(Uploads.Begun begun) throws VolumeException {
    PoolLayout layout = new PoolLayout(host.pools.getFirst().root());
    assertThat(layout.jobs().resolve(begun.job().id())).doesNotExist();
    Snapshot snapshot = host.storage.snapshots().find(DOCKER, new SnapshotRef.ById(begun.snapshot().id())).orElseThrow();
    assertThat(snapshot.remotes()).isEmpty();
    assertThat(host.storage.uploads().waiting()).as("it does not count as failed").isEmpty();
    assertThat(host.storage.volumes().status(DOCKER, ref("db")).activity()).isEmpty();
  }

  @Test
  void oneThatMeetsAMistakeOfOursEndsAndMayBeAskedForAgain() throws Exception {
    Link[] link = new Link[1];
    open(store -> link[0] = new Link(store));
    assertUploads("zeroth", 1);
    link[0].set(Link.State.BROKEN);
    Job broken = upload("first").job();
    awaitState(broken, Job.State.FAILED);
    assertThat(host.storage.jobs().find(broken.id()).orElseThrow().error().orElseThrow())
        .contains("internal error", "a client of a store that fails");
    link[0].set(Link.State.UP);
    assertUploads("second", 2);
  }

  @Test
  void oneThatWaitsEndsWithAVoidAtItsSeatAndStaysCancelledOverARestart() throws Exception {
    Link[] link = new Link[1];
    open(store -> link[0] = new Link(store));
    link[0].set(Link.State.NO_PACKS);
    Uploads.Begun begun = upload("first");
    awaitState(begun.job(), Job.State.WAITING);
    Job cancelled = cancel(begun.job());
    assertThat(cancelled.state()).isEqualTo(Job.State.CANCELLED);
    assertThat(cancelled.note().orElseThrow()).contains("next upload of the volume, or collected");
    assertThat(cancelled.error()).isEmpty();
    assertThat(seat(begun.snapshot(), 1)).isInstanceOf(VoidEntry.class);
    assertLeft(begun);
    assertThat(cancel(begun.job())).as("again").isEqualTo(cancelled);
    link[0].set(Link.State.UP);
    host.restart();
    assertThat(cancel(begun.job())).as("after a restart").isEqualTo(cancelled);
    assertLeft(begun);
    assertUploads("first", 2);
    assertUploads("second", 3);
    assertThat(remote()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"packs/", "snaps/"})
  void oneThatMovesBytesOrIsAboutToCommitIsInterrupted(String where) throws Exception {
    Gate[] gate = new Gate[1];
    open(store -> gate[0] = new Gate(store, where, false));
    Uploads.Begun begun = upload("first");
    gate[0].awaitReached();
    assertThat(cancel(begun.job()).state()).isEqualTo(Job.State.CANCELLED);
    assertThat(seat(begun.snapshot(), 1)).isInstanceOf(VoidEntry.class);
    assertLeft(begun);
    assertThat(host.telemetry.events(0)).anySatisfy(event -> {
      assertThat(event.verb()).isEqualTo("finish-upload");
      assertThat(event.outcome()).isEqualTo("cancelled");
    });
    assertUploads("second", 2);
    assertThat(remote()).hasSize(1);
  }

  @Test
  void oneWhoseCommitWasFasterIsDoneAndSaysSo() throws Exception {
    Gate[] gate = new Gate[1];
    open(store -> gate[0] = new Gate(store, "snaps/", true));
    Uploads.Begun begun = upload("first");
    gate[0].awaitReached();
    assertThat(cancel(begun.job()).state()).isEqualTo(Job.State.DONE);
    assertThat(remote()).extracting(SnapshotEntry::label).containsExactly("db@first");
    assertThat(host.storage.snapshots().find(DOCKER, SnapshotRef.parse("db@first")).orElseThrow().remotes()).hasSize(1);
    assertUploads("second", 2);
  }

  @Test
  void oneWhoseStoreIsAwayIsCancelledAndTheNextUploadClosesItsSession() throws Exception {
    Link[] link = new Link[1];
    open(store -> link[0] = new Link(store));
    link[0].set(Link.State.NO_PACKS);
    Uploads.Begun begun = upload("first");
    awaitState(begun.job(), Job.State.WAITING);
    link[0].set(Link.State.DOWN);
    Job cancelled = cancel(begun.job());
    assertThat(cancelled.state()).isEqualTo(Job.State.CANCELLED);
    assertThat(cancelled.note().orElseThrow()).contains("is still open, because").contains("no answer came");
    assertLeft(begun);
    link[0].set(Link.State.UP);
    assertUploads("second", 2);
    assertThat(seat(begun.snapshot(), 1)).isInstanceOf(VoidEntry.class);
  }

  @Test
  void oneInTheQueueEndsAtOnceAndKeepsNobodyWaiting() throws Exception {
    Gate[] gate = new Gate[1];
    open(store -> gate[0] = new Gate(store, "packs/", false));
    Uploads.Begun first = upload("first");
    gate[0].awaitReached();
    Uploads.Begun second = upload("second");
    assertThat(cancel(second.job()).state()).isEqualTo(Job.State.CANCELLED);
    assertThat(state(first.job())).isEqualTo(Job.State.RUNNING);
    assertThat(cancel(first.job()).state()).isEqualTo(Job.State.CANCELLED);
    assertUploads("third", 2);
    assertThat(remote()).extracting(SnapshotEntry::label).containsExactly("db@third");
  }

  @Test
  void aJobOfAnotherKindIsRefusedWithWhatEndsIt() throws Exception {
    open(store -> store);
    Job job = host.storage.volumes().compact(DOCKER, ref("db"));
    assertThat(host.storage.jobs().await(job.id(), Host.LONG).orElseThrow().state().isEnd()).isTrue();
    assertThat(cancel(job).state()).as("it is over").isEqualTo(Job.State.DONE);
    assertThatThrownBy(() -> host.storage.jobs().cancel(ADMIN, "0")).isInstanceOf(VolumeException.NotFound.class);
  }
}
