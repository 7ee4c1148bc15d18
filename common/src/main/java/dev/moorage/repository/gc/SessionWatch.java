package dev.moorage.repository.gc;

import dev.moorage.repository.Hex128;
import dev.moorage.repository.SessionId;
import dev.moorage.repository.history.History;
import dev.moorage.repository.history.HistoryEntry;
import dev.moorage.repository.history.Seat;
import dev.moorage.repository.history.SessionRecord;
import dev.moorage.repository.history.SessionState;
import dev.moorage.repository.history.Sessions;
import dev.moorage.repository.history.VoidEntry;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tells whether sessions are over, and fences those that have been silent for too long. */
final class SessionWatch {

  private final Sessions sessions;
  private final History history;
  private final Hex128 collection;
  private final Instant silentBefore;

  private final Set<SessionId> over = new HashSet<>();
  private final Map<SessionId, CollectionReport.Waiting> waiting = new HashMap<>();
  private int fenced;

  SessionWatch(Sessions sessions, History history, Hex128 collection, Instant silentBefore) {
    this.sessions = sessions;
    this.history = history;
    this.collection = collection;
    this.silentBefore = silentBefore;
  }

  /** Whether nothing can come from the session any more: neither a commit nor a read that matters. */
  boolean isOver(SessionState state) throws IOException {
    if (!over.contains(state.id()) && findsOver(state)) {
      over.add(state.id());
      waiting.remove(state.id());
    }
    return over.contains(state.id());
  }

  private boolean findsOver(SessionState state) throws IOException {
    Optional<SessionRecord> record = state.ended() ? Optional.empty() : sessions.read(state.id());
    if (record.isEmpty() || state.heartbeat().isEmpty()) {
      return true;
    }
    Instant heartbeat = state.heartbeat().get();
    boolean silent = heartbeat.isBefore(silentBefore);
    Optional<Seat> seat = record.get().seat();
    boolean finished = seat.isPresent() ? history.isTaken(seat.get()) || (silent && fence(state.id(), seat.get())) : silent;
    if (!finished) {
      waiting.put(state.id(), new CollectionReport.Waiting(record.get(), heartbeat));
    }
    return finished;
  }

  /** Takes the session's seat, or finds it taken; either way the session commits nothing from now on. */
  private boolean fence(SessionId session, Seat seat) throws IOException {
    HistoryEntry taken = history.close(new VoidEntry(seat, session, Optional.of(collection)));
    if (taken instanceof VoidEntry fence && fence.collection().filter(collection::equals).isPresent()) {
      fenced++;
    }
    return true;
  }

  /** The sessions that were found to be over. */
  Set<SessionId> over() {
    return over;
  }

  /** The sessions that were not over when they were last looked at. */
  List<CollectionReport.Waiting> waiting() {
    return new ArrayList<>(waiting.values());
  }

  int fenced() {
    return fenced;
  }
}
