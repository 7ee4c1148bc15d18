package dev.moorage.repository.history;

import dev.moorage.repository.SessionId;
import java.io.IOException;
import java.util.Optional;

/**
 * The session of a reader: what {@link #snapshot} returns stays readable while it is open, even when it is forgotten meanwhile. Safe
 * for use by several threads.
 */
public final class ReaderSession {

  private final Sessions sessions;
  private final SessionId id;
  private final Pulse pulse;

  ReaderSession(Sessions sessions, SessionId id, Pulse pulse) {
    this.sessions = sessions;
    this.id = id;
    this.pulse = pulse;
  }

  public SessionId id() {
    return id;
  }

  /** The snapshot at a seat; empty when it is forgotten already, or when no snapshot takes the seat. */
  public Optional<SnapshotEntry> snapshot(Seat seat) throws IOException {
    Optional<HistoryEntry> entry = sessions.history().read(seat);
    // The marker is looked for after the session was made. A collection that counts the snapshot as forgotten saw the marker, hence
    // lists the sessions later than that, and waits for this one.
    return entry.isPresent() && entry.get() instanceof SnapshotEntry snapshot && !sessions.history().isForgotten(seat)
        ? Optional.of(snapshot)
        : Optional.empty();
  }

  /** Shows that the session is alive. False when a collection has ended it: what it reads may be gone at any moment. */
  public boolean heartbeat() throws IOException {
    return pulse.beat();
  }

  /** Ends it; may be repeated. */
  public void end() throws IOException {
    sessions.markEnded(id);
  }
}
