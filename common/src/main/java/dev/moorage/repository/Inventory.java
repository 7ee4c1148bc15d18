package dev.moorage.repository;

import dev.moorage.repository.history.Seat;
import dev.moorage.repository.history.SnapshotEntry;
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

  /** Whether an entry of the snapshot's volume that is newer than it cannot be read: then nobody knows whether it is the newest. */
  public boolean hidesNewer(SnapshotEntry snapshot) {
    return unread.stream().anyMatch(each -> each.seat().volume().equals(snapshot.seat().volume()) && each.seat().seq() > snapshot.seat().seq());
  }
}
