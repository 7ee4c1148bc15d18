package dev.moorage.repository.gc;

import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.history.History;
import dev.moorage.repository.history.HistoryEntry;
import dev.moorage.repository.history.PackSet;
import dev.moorage.repository.history.Seat;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.history.VolumeHistory;
import dev.moorage.volume.VolumeId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Finds what snapshots refer to. Entries and maps are read a few at once: each lane holds the map of one snapshot and its packs, which
 * for a volume of 10 TiB are about 30 MiB.
 */
final class Marking {

  private static final int LANES_MAX = 4;

  private final History history;
  private final PackReferences references;
  private final int lanes;
  private final CollectionProgress progress;

  /** With one lane everything happens in order, on the caller's thread. */
  Marking(History history, PackReferences references, int lanes, CollectionProgress progress) {
    this.history = history;
    this.references = references;
    this.lanes = Math.min(lanes, LANES_MAX);
    this.progress = progress;
  }

  /** The first mark: the packs of all snapshots that are not forgotten. */
  PackSet remembered(List<VolumeHistory> histories) throws IOException {
    List<Seat> seats = new ArrayList<>();
    histories.forEach(each -> seats.addAll(each.remembered()));
    return packs(seats);
  }

  /**
   * The second mark: the packs of all snapshots beyond the frontier, <em>forgotten or not</em>. Those behind it refer to nothing that
   * was doomed there. A snapshot that was committed and forgotten since then may be read by somebody who opened it in between; and
   * because nothing is ever taken off this set, all collections that work on one tombstone rescue the same packs.
   */
  PackSet beyond(Map<VolumeId, Long> frontier, List<VolumeHistory> histories) throws IOException {
    List<Seat> seats = new ArrayList<>();
    histories.forEach(each -> seats.addAll(each.taken(frontier.getOrDefault(each.volume(), 0L))));
    return packs(seats);
  }

  private PackSet packs(List<Seat> seats) throws IOException {
    PackSet packs = new PackSet();
    each(seats, (_, own) -> packs.addAll(own));
    return packs;
  }

  /** Takes what one snapshot refers to; never beside itself. */
  @FunctionalInterface
  interface Taker {
    void take(SnapshotEntry snapshot, PackSet packs);
  }

  /** Hands out the snapshots that take these seats, in no order that means anything, each with all packs that it refers to. */
  void each(List<Seat> seats, Taker taker) throws IOException {
    AtomicInteger done = new AtomicInteger();
    Lanes.forEach(seats, lanes, (seat, _) -> {
      HistoryEntry entry = history.entry(seat);
      PackSet own = new PackSet();
      if (entry instanceof SnapshotEntry snapshot) {
        add(snapshot, own);
      }
      synchronized (taker) {
        progress.at(CollectionProgress.Stage.MARKING, done.getAndIncrement(), seats.size());
        if (entry instanceof SnapshotEntry snapshot) {
          taker.take(snapshot, own);
        }
      }
    });
  }

  private void add(SnapshotEntry snapshot, PackSet packs) throws IOException {
    try {
      references.addPacks(snapshot, packs);
    } catch (ObjectStoreException.NoSuchObject e) {
      // Forgotten, and another collection is deleting its packs already: then it waited for whoever could need them.
      if (!history.isForgotten(snapshot.seat())) {
        throw new UnreadableException.Damaged(snapshot.seat().key().value(), "(" + snapshot.label() + ") needs an object that is"
            + " missing, so nothing is deleted: " + e.getMessage() + ". Forget this snapshot to go on without it", e);
      }
    }
  }
}
