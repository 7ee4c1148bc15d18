package dev.moorage.repository.history;

import dev.moorage.volume.PoolId;
import java.time.Instant;

/**
 * From here on another pool is the writer of this history. The old one's next commit finds its seat taken, and stops.
 *
 * @param pool the new writer
 * @param host its host, for people
 * @param at when, by that host's clock, for people
 */
public record TakeoverEntry(Seat seat, PoolId pool, String host, Instant at) implements HistoryEntry {}
