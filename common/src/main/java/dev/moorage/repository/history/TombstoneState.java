package dev.moorage.repository.history;

import dev.moorage.repository.Hex128;
import java.time.Instant;
import java.util.Optional;

/**
 * A tombstone as a list of keys showed it.
 *
 * @param published when, by the clock of the store; empty when only its companions are left
 * @param swept whether its packs are deleted, as far as they were not rescued
 */
public record TombstoneState(Hex128 id, Optional<Instant> published, boolean swept) {}
