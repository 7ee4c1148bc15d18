package dev.moorage.storage;

import dev.moorage.pool.PoolCapacity;
import dev.moorage.pool.PoolSettings;
import dev.moorage.volume.PoolId;
import java.util.Optional;

/**
 * A pool as it is now. {@code chargedBytes} is what its volumes and retained snapshots were promised, {@code trashBytes} what emptying
 * the trash could give back at most; {@code problem} says why it cannot be used or what needs attention.
 */
public record PoolStatus(
    PoolId id,
    PoolSettings settings,
    boolean byDefault,
    boolean automatic,
    double overcommit,
    Optional<PoolCapacity> capacity,
    long chargedBytes,
    int volumes,
    int snapshots,
    int trashed,
    long trashBytes,
    Optional<String> problem) {}
