package dev.moorage.pool;

/**
 * What a pool has and what it may promise, in bytes.
 *
 * @param total what the pool's filesystem holds now
 * @param free what is not written yet
 * @param growable what the automatic pool file could still take from its host; 0 for a pool that the operator made
 * @param promisable the most that may be charged: (total + growable) less the filesystem's own needs, times the overcommit
 */
public record PoolCapacity(long total, long free, long growable, long promisable) {}
