package dev.moorage.repository;

import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.repository.copy.MapChanges;
import dev.moorage.repository.history.Seat;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.snapshot.Range;
import dev.moorage.snapshot.Ranges;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which ranges of a committed snapshot hold data, or differ from an older one of the same volume, in whole blocks of the repository, told
 * by the maps alone: no data is fetched. A reader's session keeps both readable until it is closed, even when they are forgotten
 * meanwhile.
 */
public final class StoredRanges implements Ranges {

  private final Reading reading;
  private final MapChanges changes;

  private StoredRanges(Reading reading, MapChanges changes) {
    this.reading = reading;
    this.changes = changes;
  }

  /**
   * Begins to read. {@code base} is of the same volume, and no larger.
   *
   * @throws ObjectStoreException.NoSuchObject when one of them is forgotten
   */
  public static StoredRanges open(Repository repository, Seat seat, Optional<Seat> base, String host) throws IOException {
    Reading reading = Reading.begin(repository, host, "ranges of " + seat);
    boolean open = false;
    try {
      SnapshotEntry now = entry(reading, seat);
      SnapshotEntry before = base.isPresent() ? entry(reading, base.get()) : null;
      MapChanges changes = new MapChanges(repository.store(), repository.ring(), repository.root(now),
          before == null ? null : repository.root(before));
      open = true;
      return new StoredRanges(reading, changes);
    } finally {
      if (!open) {
        reading.close();
      }
    }
  }

  private static SnapshotEntry entry(Reading reading, Seat seat) throws IOException {
    return reading.snapshot("read the map of " + seat, seat);
  }

  @Override
  public @Nullable Range next() throws IOException {
    return changes.next();
  }

  @Override
  public boolean confirm() {
    return changes.confirm();
  }

  @Override
  public void close() {
    changes.close();
    reading.close();
  }
}
