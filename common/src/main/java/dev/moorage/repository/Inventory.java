package dev.moorage.repository;

import dev.moorage.repository.history.History;
import dev.moorage.repository.history.Seat;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.history.VolumeHistory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the histories of a repository have that is not forgotten, volume by volume, the newest first. One damaged entry keeps no other from
 * being found.
 *
 * @param unread entries that are lost or damaged; what they were is not known
 */
public record Inventory(List<SnapshotEntry> snapshots, List<Unread> unread) {

  /** An entry that cannot be read, and why. */
  public record Unread(Seat seat, UnreadableException why) {}

  public Inventory {
    snapshots = List.copyOf(snapshots);
    unread = List.copyOf(unread);
  }

  static Inventory of(History history) throws IOException {
    List<SnapshotEntry> snapshots = new ArrayList<>();
    List<Unread> unread = new ArrayList<>();
    for (VolumeHistory each : history.all()) {
      for (Seat seat : each.remembered()) {
        try {
          if (history.entry(seat) instanceof SnapshotEntry snapshot) {
            snapshots.add(snapshot);
          }
        } catch (UnreadableException.WrongKey e) {
          throw e;
        } catch (UnreadableException e) {
          unread.add(new Unread(seat, e));
        }
      }
      for (Seat seat : each.missing()) {
        unread.add(new Unread(seat, VolumeHistory.lost(seat)));
      }
    }
    return new Inventory(snapshots, unread);
  }

  /** Whether an entry of the snapshot's volume that is newer than it cannot be read: then nobody knows whether it is the newest. */
  public boolean hidesNewer(SnapshotEntry snapshot) {
    return unread.stream().anyMatch(each -> each.seat().volume().equals(snapshot.seat().volume()) && each.seat().seq() > snapshot.seat().seq());
  }
}
