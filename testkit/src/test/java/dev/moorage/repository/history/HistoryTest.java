package dev.moorage.repository.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.repository.SessionId;
import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.pack.PackName;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.VolumeId;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class HistoryTest {

  private final Repo repo = new Repo();
  private final PoolId other = PoolId.random();

  @Test
  void everyKindOfEntryIsReadAsItWasWritten() throws IOException {
    WriterSession session = repo.open(0);
    SnapshotEntry snapshot = Repo.entry(session, repo.pack(session), repo.pack(session));
    session.commit(snapshot);
    VoidEntry fence = new VoidEntry(Repo.seat(2), session.id(), Optional.empty());
    repo.history.close(fence);
    TakeoverEntry takeover = repo.history.takeover(Repo.VOLUME, other, "elsewhere");
    assertThat(repo.history.read(Repo.seat(1))).contains(snapshot);
    assertThat(repo.history.read(Repo.seat(2))).contains(fence);
    assertThat(repo.history.read(Repo.seat(3))).contains(takeover);
    assertThat(repo.history.read(Repo.seat(4))).isEmpty();
  }

  @Test
  void anEntryThatIsMovedToAnotherSeatIsNotBelieved() throws IOException {
    repo.snapshot(0);
    byte[] sealed;
    try (var stream = repo.store.get(Repo.seat(1).key())) {
      sealed = stream.readAllBytes();
    }
    repo.store.putIfAbsent(Repo.seat(2).key(), Content.of(sealed));
    assertThatThrownBy(() -> repo.history.read(Repo.seat(2))).isInstanceOf(UnreadableException.Damaged.class);
  }

  @Test
  void committingTwiceIsCommittingOnce() throws IOException {
    WriterSession session = repo.open(0);
    SnapshotEntry first = Repo.entry(session, repo.pack(session));
    assertThat(session.commit(first)).isEqualTo(new CommitOutcome.Committed(first));
    SnapshotEntry again = Repo.entry(session, repo.pack(session));
    assertThat(session.commit(again)).as("what is stored, not what was sent").isEqualTo(new CommitOutcome.Committed(first));
  }

  @Test
  void aCommitIntoASeatThatIsTakenSaysByWhom() throws IOException {
    WriterSession one = repo.open(0);
    WriterSession two = repo.open(0);
    SnapshotEntry winner = Repo.entry(one, repo.pack(one));
    one.commit(winner);
    assertThat(two.commit(Repo.entry(two, repo.pack(two)))).isEqualTo(new CommitOutcome.AnotherWriter(winner));

    WriterSession three = repo.open(1);
    VoidEntry fence = new VoidEntry(three.seat(), three.id(), Optional.empty());
    repo.history.close(fence);
    assertThat(three.commit(Repo.entry(three, repo.pack(three)))).isEqualTo(new CommitOutcome.Fenced(fence));
  }

  @Test
  void anEntryOfAnotherSessionIsAMistakeOfTheCaller() throws IOException {
    WriterSession one = repo.open(0);
    WriterSession two = repo.open(0);
    assertThatThrownBy(() -> one.commit(Repo.entry(two))).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void takingOverStopsTheOldWriterAndMakesTheNewOne() throws IOException {
    repo.snapshot(0);
    WriterSession old = repo.open(1);
    TakeoverEntry takeover = repo.history.takeover(Repo.VOLUME, other, "elsewhere");
    assertThat(takeover.seat()).isEqualTo(Repo.seat(2));
    assertThat(old.commit(Repo.entry(old, repo.pack(old)))).isEqualTo(new CommitOutcome.AnotherWriter(takeover));
    assertThat(repo.sessions.openWriter(Repo.request(1))).isEqualTo(new Opening.AnotherWriter(takeover));
    assertThat(repo.open(2).seat()).isEqualTo(Repo.seat(3));
  }

  @Test
  void aForgottenSnapshotIsNotListedButItsSeatStaysTaken() throws IOException {
    repo.snapshot(0);
    repo.snapshot(1);
    repo.history.forget(Repo.seat(1), "somebody");
    repo.history.forget(Repo.seat(1), "somebody else");
    VolumeHistory history = repo.history.of(Repo.VOLUME);
    assertThat(history.remembered()).containsExactly(Repo.seat(2));
    assertThat(history.last()).isEqualTo(2);
    assertThat(repo.history.snapshots(history)).extracting(SnapshotEntry::seat).containsExactly(Repo.seat(2));
    assertThatThrownBy(() -> repo.history.forget(Repo.seat(7), "somebody")).isInstanceOf(UnreadableException.class);
  }

  @Test
  void aLostEntryStopsWritersAndIsNamedButTheOthersAreRead() throws IOException {
    for (int i = 0; i < 3; i++) {
      repo.snapshot(i);
    }
    repo.store.delete(Repo.seat(2).key());
    VolumeHistory history = repo.history.of(Repo.VOLUME);
    assertThat(repo.history.snapshots(history)).extracting(each -> each.seat().seq()).containsExactly(3L, 1L);
    assertThatThrownBy(() -> repo.open(3)).isInstanceOf(UnreadableException.Damaged.class)
        .hasMessageContaining(Repo.seat(2).key().value());
    assertThatThrownBy(() -> repo.history.takeover(Repo.VOLUME, other, "elsewhere")).isInstanceOf(UnreadableException.Damaged.class);
  }

  @Test
  void aHistoryThatIsShorterThanThePoolKnowsIsNotContinued() throws IOException {
    repo.snapshot(0);
    assertThatThrownBy(() -> repo.sessions.openWriter(Repo.request(4))).isInstanceOf(UnreadableException.Damaged.class);
  }

  @Test
  void volumesAreListedByLeapingOverTheirHistories() throws IOException {
    repo.snapshot(0);
    repo.snapshot(1);
    VolumeId second = VolumeId.parse("ffffffff-0000-4000-8000-000000000001");
    repo.history.takeover(second, other, "elsewhere");
    repo.store.putIfAbsent(new ObjectKey("snaps/readme"), Content.of(new byte[1]));
    assertThat(repo.history.volumes()).containsExactly(Repo.VOLUME, second);
    assertThat(repo.history.all()).extracting(VolumeHistory::volume).containsExactly(Repo.VOLUME, second);
  }

  @Test
  void keysThatAreNotOursArePassedOver() {
    assertThat(Seat.parse(Repo.seat(255).key())).contains(new Seat.Key(Repo.seat(255), false));
    assertThat(Seat.parse(Repo.seat(255).forgottenKey())).contains(new Seat.Key(Repo.seat(255), true));
    for (String key : new String[] {"snaps/x", "snaps/" + Repo.VOLUME + "/1", "snaps/" + Repo.VOLUME + "/000000000000000G",
        "snaps/" + Repo.VOLUME + "/0000000000000000", "snaps/" + Repo.VOLUME + "/ffffffffffffffff", "other/" + Repo.VOLUME + "/1"}) {
      assertThat(Seat.parse(new ObjectKey(key))).as(key).isEmpty();
    }
    assertThat(PackKeys.parse(new ObjectKey("packs/x/y"))).isEmpty();
    PackName pack = PackName.random(SessionId.random(repo.random), repo.random);
    assertThat(PackKeys.parse(new ObjectKey(pack.key()))).contains(pack);
  }
}
