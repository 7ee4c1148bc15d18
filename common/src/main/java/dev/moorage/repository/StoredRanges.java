package dev.moorage.repository;

import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.repository.copy.MapChanges;
import dev.moorage.repository.history.ReaderSession;
import dev.moorage.repository.history.Seat;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.snapshot.Range;
import dev.moorage.snapshot.Ranges;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which ranges of a committed snapshot hold data, or differ from an older one of the same volume, in whole blocks of the repository, told
 * by the maps alone: no data is fetched. A reader's session keeps both readable until it is closed, even when they are forgotten meanwhile.
 */
public final class StoredRanges implements Ranges {

  private final ReaderSession session;
  private final Heartbeat heartbeat;
  private final MapChanges changes;

  private StoredRanges(ReaderSession session, Heartbeat heartbeat, MapChanges changes) {
    this.session = session;
    this.heartbeat = heartbeat;
    this.changes = changes;
  }

  /**
   * Begins to read. {@code base} is of the same volume, and no larger.
   *
   * @throws ObjectStoreException.NoSuchObject when one of them is forgotten
   */
  public static StoredRanges open(Repository repository, Seat seat, Optional<Seat> base, String host) throws IOException {
    ReaderSession session = repository.sessions().openReader(host, "ranges of " + seat);
    Heartbeat heartbeat = new Heartbeat("session " + session.id(), session::heartbeat);
    boolean open = false;
    try {
      SnapshotEntry now = entry(session, seat);
      SnapshotEntry before = base.isPresent() ? entry(session, base.get()) : null;
      MapChanges changes = new MapChanges(repository.store(), repository.ring(), repository.root(now),
          before == null ? null : repository.root(before));
      open = true;
      return new StoredRanges(session, heartbeat, changes);
    } finally {
      if (!open) {
        heartbeat.close();
        Repository.end(session);
      }
    }
  }

  private static SnapshotEntry entry(ReaderSession session, Seat seat) throws IOException {
    return session.snapshot(seat).orElseThrow(
        () -> new ObjectStoreException.NoSuchObject("read the map of " + seat, "it is forgotten, or is no snapshot", "", null));
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
    heartbeat.close();
    Repository.end(session);
  }
}
