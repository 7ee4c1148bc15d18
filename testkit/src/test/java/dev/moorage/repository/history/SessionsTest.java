package dev.moorage.repository.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.objectstore.ObjectKey;
import dev.moorage.record.MalformedRecordException;
import dev.moorage.repository.Hex128;
import dev.moorage.repository.SessionId;
import dev.moorage.repository.pack.PackName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SessionsTest {

  private final Repo repo = new Repo();

  @Test
  void aSessionNamesTheNextSeatAndIsListedUntilItsEnd() throws IOException {
    WriterSession session = repo.open(0);
    assertThat(session.seat()).isEqualTo(Repo.seat(1));
    assertThat(repo.sessions.list()).containsExactly(new SessionState(session.id(), Optional.of(Repo.BEGINNING), false));
    assertThat(repo.sessions.read(session.id()).orElseThrow().seat()).contains(Repo.seat(1));
    session.commit(Repo.entry(session, repo.pack(session)));
    session.end();
    assertThat(repo.sessions.list()).containsExactly(new SessionState(session.id(), Optional.of(Repo.BEGINNING), true));
  }

  @Test
  void aHeartbeatShowsInTheClockOfTheStore() throws IOException {
    WriterSession session = repo.open(0);
    for (int hour = 1; hour <= 3; hour++) {
      repo.pass(Duration.ofHours(1));
      assertThat(session.heartbeat()).isTrue();
      Instant expected = Repo.BEGINNING.plus(Duration.ofHours(hour));
      assertThat(repo.sessions.list().getFirst().heartbeat()).contains(expected);
    }
    repo.sessions.remove(session.id());
    assertThat(session.heartbeat()).as("a collection ended it").isFalse();
    assertThat(session.heartbeat()).isFalse();
  }

  @Test
  void endingWithoutACommitClosesTheSeatFirst() throws IOException {
    WriterSession session = repo.open(0);
    SnapshotEntry late = Repo.entry(session, repo.pack(session));
    VoidEntry fence = new VoidEntry(session.seat(), session.id(), Optional.empty());
    assertThat(session.over()).isEmpty();
    assertThat(session.end()).isEqualTo(fence);
    assertThat(session.end()).isEqualTo(fence);
    assertThat(session.over()).contains(fence);
    assertThat(session.commit(late)).isEqualTo(new CommitOutcome.Fenced(fence));
  }

  @Test
  void aSessionIsResumedByIdAndSeat() throws IOException {
    WriterSession before = repo.open(0);
    PackName pack = repo.pack(before);
    Opening opening = repo.sessions.resume(Repo.request(0), before.id(), before.seat());
    WriterSession after = ((Opening.Opened) opening).session();
    assertThat(after.heartbeat()).isTrue();
    SnapshotEntry entry = Repo.entry(after, pack);
    assertThat(after.commit(entry)).isEqualTo(new CommitOutcome.Committed(entry));
    assertThat(repo.sessions.resume(Repo.request(0), before.id(), before.seat())).isEqualTo(new Opening.Over(entry));
    assertThat(repo.sessions.settle(before.id(), before.seat())).isEqualTo(entry);
  }

  @Test
  void aSessionThatWasNeverMadeIsNotResumed() throws IOException {
    SessionId id = SessionId.random(repo.random);
    assertThat(repo.sessions.resume(Repo.request(0), id, Repo.seat(1)))
        .isEqualTo(new Opening.Over(new VoidEntry(Repo.seat(1), id, Optional.empty())));
  }

  @Test
  void aClonedPoolFindsWhatItsOtherCopyCommitted() throws IOException {
    repo.snapshot(0);
    repo.snapshot(1);
    HistoryEntry newest = repo.history.entry(Repo.seat(2));
    assertThat(repo.sessions.openWriter(Repo.request(1))).isEqualTo(new Opening.AnotherWriter(newest));
    assertThat(repo.sessions.openWriter(Repo.request(0))).isEqualTo(new Opening.AnotherWriter(newest));
  }

  @Test
  void voidSeatsDoNotHideWhoTheWriterIs() throws IOException {
    repo.snapshot(0);
    repo.open(1).end();
    assertThat(repo.open(1).seat()).isEqualTo(Repo.seat(3));
    assertThat(repo.sessions.openWriter(Repo.request(0))).isInstanceOf(Opening.AnotherWriter.class);
  }

  @Test
  void parentsAreThoseThatWereNotForgottenWhenTheSessionWasOpen() throws IOException {
    for (int i = 0; i < 3; i++) {
      repo.snapshot(i);
    }
    repo.history.forget(Repo.seat(3), "somebody");
    WriterSession session = repo.open(3);
    repo.history.forget(Repo.seat(2), "somebody");
    assertThat(session.parent().map(SnapshotEntry::seat)).contains(Repo.seat(2));
    assertThat(session.parent(1)).isPresent();
    assertThat(session.parent(3)).isEmpty();
    assertThat(session.parent(4)).isEmpty();
    assertThat(session.parent(0)).isEmpty();
  }

  @Test
  void packsOfAnEarlierSessionSurviveWhenTheyExistAndAreNotDoomed() throws IOException {
    WriterSession earlier = repo.open(0);
    PackName kept = repo.pack(earlier);
    PackName gone = repo.pack(earlier);
    PackName doomed = repo.pack(earlier);
    earlier.end();
    repo.store.delete(new ObjectKey(gone.key()));
    PackSet packs = new PackSet();
    packs.add(doomed);
    repo.tombstones.publish(new Tombstone(Hex128.random(repo.random), Map.of(), packs));
    WriterSession session = repo.open(0);
    assertThat(session.survivors(earlier.id())).containsExactly(kept);
    assertThat(session.isDoomed(doomed)).isTrue();
  }

  @Test
  void aReaderOpensOnlyWhatIsNotForgotten() throws IOException {
    repo.snapshot(0);
    repo.history.forget(Repo.seat(1), "somebody");
    repo.snapshot(1);
    repo.open(2).end();
    ReaderSession reader = repo.sessions.openReader("host", "restore");
    assertThat(reader.snapshot(Repo.seat(1))).isEmpty();
    assertThat(reader.snapshot(Repo.seat(2))).isPresent();
    assertThat(reader.snapshot(Repo.seat(3))).as("void").isEmpty();
    assertThat(reader.snapshot(Repo.seat(4))).isEmpty();
    assertThat(reader.heartbeat()).isTrue();
    assertThat(repo.sessions.read(reader.id()).orElseThrow().isReader()).isTrue();
    reader.end();
    reader.end();
    assertThat(repo.sessions.list()).filteredOn(each -> each.id().equals(reader.id())).allMatch(SessionState::ended);
  }

  @Test
  void aRecordThatIsHalfAWritersIsRefused() {
    byte[] half = ("{\"format\":1,\"id\":\"" + "0".repeat(32) + "\",\"reader\":false,\"host\":\"h\",\"purpose\":\"p\","
        + "\"started\":\"2030-01-01T00:00:00Z\"}").getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> SessionRecord.parse("place", half)).isInstanceOf(MalformedRecordException.class);
  }
}
