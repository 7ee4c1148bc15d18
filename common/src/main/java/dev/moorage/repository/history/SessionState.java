package dev.moorage.repository.history;

import dev.moorage.repository.SessionId;
import java.time.Instant;
import java.util.Optional;

/**
 * A session as a list of keys showed it.
 *
 * @param heartbeat when its object was last written, by the clock of the store; empty when only the marker of its end is left
 * @param ended whether it was marked as ended
 */
public record SessionState(SessionId id, Optional<Instant> heartbeat, boolean ended) {}
