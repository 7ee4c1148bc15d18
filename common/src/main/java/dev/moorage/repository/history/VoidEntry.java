package dev.moorage.repository.history;

import dev.moorage.repository.Hex128;
import dev.moorage.repository.SessionId;
import java.util.Optional;

/**
 * Takes a seat so that no snapshot ever does. It fences the session that meant to take it: whatever that session still sends, it
 * commits nothing.
 *
 * @param session the session that is fenced
 * @param collection the collection that fenced it, because it was silent for too long; empty when the writer gave up itself
 */
public record VoidEntry(Seat seat, SessionId session, Optional<Hex128> collection) implements HistoryEntry {}
