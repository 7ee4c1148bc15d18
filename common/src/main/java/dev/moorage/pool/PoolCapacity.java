package dev.moorage.pool;

import dev.moorage.linux.FileOps;

/**
 * What a pool has and what it may promise, in bytes. A pool is taken to have its filesystem for itself: what others write to
 * the filesystem of a pool that the operator made is missing from {@code free}, not from {@code promisable}.
 *
 * @param total what the pool's filesystem holds now
 * @param free what is not written yet
 * @param growable what the automatic pool file could still take from its host; 0 for a pool that the operator made
 * @param promisable the most that may be charged: (total + growable) less the filesystem's own needs, times the overcommit
 */
public record PoolCapacity(long total, long free, long growable, long promisable) {

  private static final long OWN_NEEDS_BYTES = 64L << 20;
  private static final long OWN_NEEDS_PART = 50;

  /**
   * Keeps 64 MiB and a fiftieth for the filesystem's own needs (its reserve, allocation groups, the maps of fragmented images), so
   * that with an overcommit of 1 every volume can be filled to its last byte.
   */
  static PoolCapacity of(FileOps.Space space, long growable, double overcommit) {
    long whole = space.total() + growable;
    long usable = Math.max(0, whole - Math.ceilDiv(whole, OWN_NEEDS_PART) - OWN_NEEDS_BYTES);
    return new PoolCapacity(space.total(), space.free(), growable, (long) (usable * overcommit));
  }
}
