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

/** Finds what snapshots refer to. */
final class Marking {

  private final History history;
  private final PackReferences references;
  private final CollectionProgress progress;

  Marking(History history, PackReferences references, CollectionProgress progress) {
    this.history = history;
    this.references = references;
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
    for (int i = 0; i < seats.size(); i++) {
      progress.at(CollectionProgress.Stage.MARKING, i, seats.size());
      HistoryEntry entry = history.entry(seats.get(i));
      if (entry instanceof SnapshotEntry snapshot) {
        add(snapshot, packs);
      }
    }
    return packs;
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
