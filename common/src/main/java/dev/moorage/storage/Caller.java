package dev.moorage.storage;

import dev.moorage.volume.Owner;
import java.time.Duration;

/**
 * On whose behalf a call is made.
 *
 * @param door what the audit line names: the socket and, where known, who is behind it, such as {@code docker} or {@code admin}
 * @param owner whose names a plain name means first
 * @param patience how long to wait for a volume on which another operation is under way before {@code Busy} is thrown; zero
 *     refuses at once
 * @param deadline how long to wait for the work itself; then {@code Unavailable} is thrown, and the work goes on without the caller
 */
public record Caller(String door, Owner owner, Duration patience, Duration deadline) {}
