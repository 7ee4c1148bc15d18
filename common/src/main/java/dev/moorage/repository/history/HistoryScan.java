package dev.moorage.repository.history;

import dev.moorage.objectstore.Listing;
import dev.moorage.volume.VolumeId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes histories of a list of keys, which comes in the order of the keys. Keys that are none of ours are passed over. */
final class HistoryScan {

  private final List<VolumeHistory> histories = new ArrayList<>();
  private @Nullable VolumeId volume;
  private BitSet taken = new BitSet();
  private BitSet forgotten = new BitSet();

  void visit(Listing.Entry entry) {
    Seat.parse(entry.key()).ifPresent(key -> {
      if (!key.seat().volume().equals(volume)) {
        endOfVolume();
        volume = key.seat().volume();
      }
      (key.forgotten() ? forgotten : taken).set((int) key.seat().seq());
    });
  }

  private void endOfVolume() {
    if (volume == null) {
      return;
    }
    // A marker whose entry the list does not show says nothing yet.
    forgotten.and(taken);
    histories.add(new VolumeHistory(volume, taken, forgotten));
    taken = new BitSet();
    forgotten = new BitSet();
  }

  /** What was found. Call it once, at the end. */
  List<VolumeHistory> histories() {
    endOfVolume();
    volume = null;
    return histories;
  }
}
