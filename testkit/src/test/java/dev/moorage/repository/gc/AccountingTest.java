package dev.moorage.repository.gc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.gc.Usage.Amount;
import dev.moorage.repository.history.Opening;
import dev.moorage.repository.history.PackSet;
import dev.moorage.repository.history.Repo;
import dev.moorage.repository.history.Seat;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.history.WriterRequest;
import dev.moorage.repository.history.WriterSession;
import dev.moorage.repository.pack.PackName;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.VolumeId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What things take and what forgetting frees, and that a collection then frees just that. */
final class AccountingTest {

  private static final VolumeId OTHER = VolumeId.parse("00000000-0000-4000-8000-000000000077");

  private final Repo repo = new Repo();
  private final AtomicInteger atOnce = new AtomicInteger();
  private final AtomicInteger mostAtOnce = new AtomicInteger();

  private void refer(SnapshotEntry snapshot, PackSet to) throws IOException {
    mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
    try {
      Thread.sleep(2);
      for (var blob : snapshot.root()) {
        if (!repo.has(blob.pack())) {
          throw new ObjectStoreException.NoSuchObject("read " + blob.pack(), "there is no such object", "", null);
        }
        to.add(blob.pack());
      }
    } catch (InterruptedException e) {
      throw new ObjectStoreException.Interrupted("read", e);
    } finally {
      atOnce.decrementAndGet();
    }
  }

  private Accounting accounting() {
    return new Accounting(repo.objects, repo.history, this::refer, CollectionProgress.NONE);
  }

  private WriterSession open(VolumeId volume, long known) throws IOException {
    WriterRequest request = new WriterRequest(volume, "host", SnapshotId.parse("00000000-0000-4000-8000-000000000009"), known);
    return ((Opening.Opened) repo.sessions.openWriter(request)).session();
  }

  private PackName pack(WriterSession session, int bytes) throws IOException {
    PackName pack = PackName.random(session.id(), repo.random);
    repo.store.putIfAbsent(new ObjectKey(pack.key()), Content.of(new byte[bytes]));
    return pack;
  }

  /** A snapshot of these packs and of one of its own. */
  private PackName snapshot(VolumeId volume, long known, int bytes, PackName... earlier) throws IOException {
    WriterSession session = open(volume, known);
    PackName own = pack(session, bytes);
    List<PackName> all = new ArrayList<>(List.of(earlier));
    all.add(own);
    SnapshotEntry entry = Repo.entry(session, all.toArray(PackName[]::new));
    session.commit(new SnapshotEntry(session.seat(), session.id(), entry.snapshot(), entry.origin(), entry.cutAt(), entry.size(),
        entry.blockBytes(), entry.spec(), entry.root(), OptionalLong.empty(), entry.figures()));
    session.end();
    return own;
  }

  @Test
  void whatOnlyOneSnapshotOrOneVolumeNeedsIsToldApart() throws IOException {
    PackName first = snapshot(Repo.VOLUME, 0, 100);
    PackName second = snapshot(Repo.VOLUME, 1, 10, first);
    snapshot(Repo.VOLUME, 2, 1, first, second);
    snapshot(OTHER, 0, 1000);
    WriterSession uploading = open(OTHER, 1);
    pack(uploading, 5000);
    Usage usage = accounting().usage();
    assertThat(usage.all()).isEqualTo(new Amount(5, 6111));
    assertThat(usage.unused()).isEqualTo(new Amount(1, 5000));
    assertThat(usage.shared()).isEqualTo(new Amount(0, 0));
    assertThat(usage.volumes()).containsExactlyInAnyOrder(new Usage.OfVolume(Repo.VOLUME, new Amount(3, 111)),
        new Usage.OfVolume(OTHER, new Amount(1, 1000)));
    assertThat(usage.snapshots()).extracting(each -> each.snapshot().seat() + " " + each.own().bytes()).containsExactly(
        Repo.seat(3) + " 1", Repo.seat(2) + " 0", Repo.seat(1) + " 0", new Seat(OTHER, 1) + " 1000");
    assertThat(accounting().freedBy(Set.of(Repo.seat(2), Repo.seat(3)))).as("together more than each").isEqualTo(new Amount(2, 11));
    assertThat(accounting().freedBy(Set.of(Repo.seat(1)))).isEqualTo(new Amount(0, 0));
    assertThat(accounting().freedBy(Set.of())).isEqualTo(new Amount(0, 0));
  }

  @Test
  void aCollectionFreesWhatWasForetold() throws IOException {
    Random random = new Random(5);
    List<PackName> packs = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      PackName[] earlier = packs.stream().filter(_ -> random.nextInt(6) == 0).toArray(PackName[]::new);
      packs.add(snapshot(Repo.VOLUME, i, 1 + random.nextInt(1000), earlier));
    }
    for (int round = 0; round < 6; round++) {
      Usage usage = accounting().usage();
      Seat alone = usage.snapshots().get(random.nextInt(usage.snapshots().size())).snapshot().seat();
      Amount foretold = usage.snapshots().stream().filter(each -> each.snapshot().seat().equals(alone)).findFirst().orElseThrow().own();
      assertThat(accounting().freedBy(Set.of(alone))).isEqualTo(foretold);
      Seat more = usage.snapshots().get(random.nextInt(usage.snapshots().size())).snapshot().seat();
      Amount both = accounting().freedBy(Set.of(alone, more));
      repo.history.forget(alone, "test");
      repo.history.forget(more, "test");
      assertThat(accounting().usage().unused()).isEqualTo(both);
      CollectionReport report = new Collector(repo.store, repo.objects, this::refer, CollectionSettings.of("x"), repo.random, repo.clock)
          .run(CollectionProgress.NONE);
      assertThat(report.deleted()).isEqualTo(new CollectionReport.Tally(both.packs(), both.bytes()));
    }
    assertThat(mostAtOnce.get()).as("several snapshots are read at once, and no more than four").isBetween(2, 4);
  }

  @Test
  void aSnapshotThatCannotBeReadStopsIt() throws IOException {
    PackName first = snapshot(Repo.VOLUME, 0, 100);
    snapshot(Repo.VOLUME, 1, 100);
    repo.store.delete(new ObjectKey(first.key()));
    assertThatThrownBy(() -> accounting().usage()).isInstanceOf(UnreadableException.Damaged.class)
        .hasMessageContaining("Forget this snapshot to go on without it");
  }
}
