package dev.moorage.storage;

import dev.moorage.pool.PoolCapacity;
import dev.moorage.pool.PoolSettings;
import dev.moorage.volume.PoolId;
import java.util.Optional;

/**
 * A pool as it is now. {@code chargedBytes} is what its volumes and retained snapshots were promised; {@code problem} says why it
 * cannot be used or what needs attention. What the trash takes is not in it, because it takes a look at each thing there: callers of CSI
 * ask for pools at every turn. {@link PoolSet#trashBytes} tells.
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
    Optional<String> problem) {}
