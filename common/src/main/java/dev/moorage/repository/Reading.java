package dev.moorage.repository;

import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.repository.history.ReaderSession;
import dev.moorage.repository.history.Seat;
import dev.moorage.repository.history.SnapshotEntry;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads snapshots in a session with a heartbeat, so that what {@link #snapshot} returned stays until this is closed. Where nobody may
 * create anything, as on a disk that is mounted read-only or with a credential that may only read, it reads without one: whoever has
 * nothing but that must get his data all the same. Every block is authenticated, so what a collection deletes meanwhile is missed, and
 * never taken for something else.
 */
final class Reading implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Reading.class.getName());

  private final Repository repository;
  private final @Nullable ReaderSession session;
  private final @Nullable Heartbeat heartbeat;

  private Reading(Repository repository, @Nullable ReaderSession session) {
    this.repository = repository;
    this.session = session;
    this.heartbeat = session == null ? null : new Heartbeat("session " + session.id(), session::heartbeat);
  }

  /** {@code purpose} is for people, such as {@code restore of} and a seat. */
  static Reading begin(Repository repository, String host, String purpose) throws IOException {
    try {
      return new Reading(repository, repository.sessions().openReader(host, purpose));
    } catch (ObjectStoreException.Denied e) {
      LOG.log(System.Logger.Level.WARNING, purpose + ": no session can be made, so a collection by somebody else would not wait for it: cannot "
          + e.action() + ": " + e.reason());
      return new Reading(repository, null);
    }
  }

  /** The snapshot at a seat; {@code action} is for who hears that it is forgotten, or that there is none. */
  SnapshotEntry snapshot(String action, Seat seat) throws IOException {
    return find(seat).orElseThrow(() -> new ObjectStoreException.NoSuchObject(action, "it is forgotten, or is no snapshot", "", null));
  }

  /** The snapshot at a seat; empty when it is forgotten, or none. */
  Optional<SnapshotEntry> find(Seat seat) throws IOException {
    if (session != null) {
      return session.snapshot(seat);
    }
    return repository.history().read(seat).orElse(null) instanceof SnapshotEntry snapshot && !repository.history().isForgotten(seat)
        ? Optional.of(snapshot) : Optional.empty();
  }

  /** What a snapshot needs and the store has not, or not whole, was lost: to who reads it that is damage, and no wrong name. */
  UnreadableException.Damaged lost(Seat seat, ObjectStoreException missing) {
    return new UnreadableException.Damaged("a pack of " + seat, "is lost or cut short: cannot " + missing.action() + ": " + missing.reason()
        + (session == null ? "; no session could be made, so perhaps a collection deleted it meanwhile" : ""), missing);
  }

  @Override
  public void close() {
    if (heartbeat != null && session != null) {
      heartbeat.close();
      Repository.end(session);
    }
  }
}
