package dev.moorage.repository.gc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.gc.CollectionReport.Tally;
import dev.moorage.repository.history.CommitOutcome;
import dev.moorage.repository.history.PackSet;
import dev.moorage.repository.history.ReaderSession;
import dev.moorage.repository.history.Repo;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.history.VoidEntry;
import dev.moorage.repository.history.WriterSession;
import dev.moorage.repository.pack.PackName;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CollectorTest {

  private final Repo repo = new Repo();

  /** Here a snapshot refers to the packs of its root, and each must be there to be read. */
  private void refer(SnapshotEntry snapshot, PackSet to) throws IOException {
    for (var blob : snapshot.root()) {
      if (!repo.has(blob.pack())) {
        throw new ObjectStoreException.NoSuchObject("read " + blob.pack(), "there is no such object", "", null);
      }
      to.add(blob.pack());
    }
  }

  private CollectionReport collect() throws IOException {
    return new Collector(repo.store, repo.objects, this::refer, CollectionSettings.of("maintenance"), repo.random, repo.clock)
        .run(CollectionProgress.NONE);
  }

  @Test
  void whatNoSnapshotRefersToIsDeletedAndTheRestStays() throws IOException {
    PackName first = repo.snapshot(0);
    PackName second = repo.snapshot(1);
    repo.history.forget(Repo.seat(1), "somebody");
    CollectionReport report = collect();
    assertThat(repo.has(first)).isFalse();
    assertThat(repo.has(second)).isTrue();
    assertThat(report.listed()).isEqualTo(new Tally(2, 6));
    assertThat(report.doomed()).isEqualTo(new Tally(1, 3));
    assertThat(report.deleted()).isEqualTo(new Tally(1, 3));
    assertThat(report.kept()).isEqualTo(new Tally(1, 3));
    assertThat(repo.sessions.list()).as("sessions that are over are removed").isEmpty();
  }

  @Test
  void manyPacksAreDeletedTogether() throws IOException {
    WriterSession session = repo.open(0);
    for (int i = 0; i < 2500; i++) {
      repo.pack(session);
    }
    session.end();
    assertThat(collect().deleted().packs()).isEqualTo(2500);
  }

  @Test
  void packsOfAnOpenSessionAreNotDoomed() throws IOException {
    WriterSession session = repo.open(0);
    PackName pack = repo.pack(session);
    CollectionReport report = collect();
    assertThat(report.doomed()).isEqualTo(Tally.NONE);
    assertThat(report.waiting()).extracting(each -> each.session().id()).containsExactly(session.id());
    assertThat(session.commit(Repo.entry(session, pack))).isInstanceOf(CommitOutcome.Committed.class);
    collect();
    assertThat(repo.has(pack)).isTrue();
  }

  @Test
  void aCollectionWaitsForWhoBeganBeforeItAndTheNextOneGoesOn() throws IOException {
    PackName parent = repo.snapshot(0);
    WriterSession session = repo.open(1);
    repo.history.forget(Repo.seat(1), "somebody");
    CollectionReport first = collect();
    assertThat(first.pending()).isEqualTo(1);
    assertThat(repo.has(parent)).isTrue();
    session.commit(Repo.entry(session, repo.pack(session)));
    assertThat(collect().deleted()).isEqualTo(new Tally(1, 3));
    assertThat(repo.has(parent)).isFalse();
  }

  @Test
  void aSessionThatBeganAfterTheTombstoneIsNotWaitedFor() throws IOException {
    PackName parent = repo.snapshot(0);
    WriterSession session = repo.open(1);
    repo.history.forget(Repo.seat(1), "somebody");
    collect();
    session.end();
    repo.open(1);
    CollectionReport report = collect();
    assertThat(report.pending()).isZero();
    assertThat(repo.has(parent)).isFalse();
  }

  @Test
  void whatASnapshotCameToReferToMeanwhileIsRescued() throws IOException {
    PackName parent = repo.snapshot(0);
    WriterSession session = repo.open(1);
    repo.history.forget(Repo.seat(1), "somebody");
    collect();
    session.commit(Repo.entry(session, parent));
    CollectionReport report = collect();
    assertThat(report.rescued()).isEqualTo(new Tally(1, 3));
    assertThat(repo.has(parent)).isTrue();
  }

  @Test
  void aSnapshotThatWasCommittedAndForgottenMeanwhileIsStillRescuedForItsReaders() throws IOException {
    PackName parent = repo.snapshot(0);
    WriterSession session = repo.open(1);
    repo.history.forget(Repo.seat(1), "somebody");
    collect();
    session.commit(Repo.entry(session, parent));
    ReaderSession reader = repo.sessions.openReader("host", "restore");
    assertThat(reader.snapshot(Repo.seat(2))).isPresent();
    repo.history.forget(Repo.seat(2), "somebody");
    assertThat(collect().rescued()).isEqualTo(new Tally(1, 3));
    assertThat(repo.has(parent)).isTrue();
  }

  @Test
  void aReaderIsWaitedForUntilItIsSilentForTooLong() throws IOException {
    PackName pack = repo.snapshot(0);
    ReaderSession reader = repo.sessions.openReader("host", "restore");
    assertThat(reader.snapshot(Repo.seat(1))).isPresent();
    repo.history.forget(Repo.seat(1), "somebody");
    assertThat(collect().pending()).isEqualTo(1);
    repo.pass(Duration.ofDays(6));
    assertThat(reader.heartbeat()).isTrue();
    repo.pass(Duration.ofDays(6));
    collect();
    assertThat(repo.has(pack)).isTrue();
    repo.pass(Duration.ofDays(2));
    collect();
    assertThat(repo.has(pack)).isFalse();
    assertThat(reader.heartbeat()).isFalse();
  }

  @Test
  void aWriterThatWasSilentForTooLongIsFencedAndItsPacksGo() throws IOException {
    WriterSession session = repo.open(0);
    PackName pack = repo.pack(session);
    repo.pass(Duration.ofDays(8));
    CollectionReport report = collect();
    assertThat(report.fenced()).isEqualTo(1);
    assertThat(repo.has(pack)).isFalse();
    assertThat(session.commit(Repo.entry(session, pack))).isEqualTo(new CommitOutcome.Fenced(
        new VoidEntry(Repo.seat(1), session.id(), Optional.of(report.collection()))));
    assertThat(session.heartbeat()).isFalse();
    WriterSession next = repo.open(0);
    assertThat(next.seat()).isEqualTo(Repo.seat(2));
    assertThat(next.survivors(session.id())).isEmpty();
  }

  @Test
  void tombstonesAreRetiredADayLater() throws IOException {
    repo.snapshot(0);
    repo.history.forget(Repo.seat(1), "somebody");
    collect();
    collect();
    assertThat(repo.tombstones.list()).hasSize(1);
    repo.pass(Duration.ofHours(25));
    collect();
    assertThat(repo.tombstones.list()).isEmpty();
  }

  @Test
  void aSnapshotThatCannotBeReadStopsTheCollectionUntilItIsForgotten() throws IOException {
    PackName lost = repo.snapshot(0);
    WriterSession session = repo.open(1);
    PackName garbage = repo.pack(session);
    session.end();
    repo.store.delete(new ObjectKey(lost.key()));
    assertThatThrownBy(this::collect).isInstanceOf(UnreadableException.Damaged.class).hasMessageContaining("db@before")
        .hasMessageContaining("nothing is deleted");
    assertThat(repo.has(garbage)).isTrue();
    repo.history.forget(Repo.seat(1), "somebody");
    collect();
    assertThat(repo.has(garbage)).isFalse();
  }

  @Test
  void aLostEntryOfAHistoryStopsTheCollection() throws IOException {
    for (int i = 0; i < 3; i++) {
      repo.snapshot(i);
    }
    repo.store.delete(Repo.seat(2).key());
    assertThatThrownBy(this::collect).isInstanceOf(UnreadableException.Damaged.class);
  }

  @Test
  void packsThatAreLockedAreCountedAndTriedAgainLater() throws IOException {
    PackName pack = repo.snapshot(0);
    repo.history.forget(Repo.seat(1), "somebody");
    LockingStore locking = new LockingStore(repo.store);
    Collector collector =
        new Collector(locking, repo.objectsIn(locking), this::refer, CollectionSettings.of("maintenance"), repo.random, repo.clock);
    CollectionReport report = collector.run(CollectionProgress.NONE);
    assertThat(report.locked()).isEqualTo(new Tally(1, 3));
    assertThat(report.deleted()).isEqualTo(Tally.NONE);
    assertThat(report.recordsLeft()).as("the session and the note of the collection").isEqualTo(2);
    assertThat(repo.has(pack)).isTrue();
    assertThat(collector.run(CollectionProgress.NONE).locked()).as("still").isEqualTo(new Tally(1, 3));
    assertThat(collect().deleted()).as("the lock is off").isEqualTo(new Tally(1, 3));
    repo.pass(Duration.ofDays(9));
    assertThat(collect().recordsLeft()).isZero();
    assertThat(repo.has(pack)).isFalse();
  }
}
