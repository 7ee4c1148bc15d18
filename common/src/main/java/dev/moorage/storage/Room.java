package dev.moorage.storage;

import dev.moorage.pool.PoolCapacity;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.NoSpace;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/** Makes room in pools: lets an automatic pool file grow, and under pressure empties the trash, oldest first, then
 * drops the bases of uploads. */
final class Room {

  /** Below this part of its bytes free, a pool that cannot grow is under pressure. */
  private static final int PRESSURE_DIVISOR = 20;

  private static final int FREED_CHECKS_MAX = 25;
  private static final long FREED_NANOS = Duration.ofMillis(10).toNanos();

  private final Trash trash;

  Room(Trash trash) {
    this.trash = trash;
  }

  Trash trash() {
    return trash;
  }

  /**
   * Does the task; when the pool has no space for it, empties the trash as far as that can help and tries again.
   *
   * @param charge the bytes that the task will be charged with
   * @param written the bytes that it will write at once
   */
  <T> T with(OpenPool pool, long charge, long written, Task<T> task) throws VolumeException {
    pool.pool().ensureHeadroom(written);
    while (true) {
      try {
        return task.run();
      } catch (NoSpace e) {
        if (!(couldFit(pool, charge) && purgeOldest(pool)) && !pool.bases().dropOldest()) {
          throw e;
        }
      }
    }
  }

  private boolean purgeOldest(OpenPool pool) throws VolumeException {
    for (Trash.Item item : Trash.items(pool)) {
      long before = pool.pool().capacity().free();
      long allocated = Trash.allocated(item);
      if (trash.purge(item)) {
        awaitFreed(pool, before + allocated / 2);
        return true;
      }
    }
    return false;
  }

  /** Until the blocks of what was deleted are free, or it looks as if they were shared with something that stays. */
  private static void awaitFreed(OpenPool pool, long free) throws VolumeException {
    for (int check = 0; check < FREED_CHECKS_MAX && pool.pool().capacity().free() < free; check++) {
      LockSupport.parkNanos(FREED_NANOS);
    }
  }

  /** Whether an empty trash would be enough: a request that never fits must not cost anybody the undo. */
  private static boolean couldFit(OpenPool pool, long charge) throws VolumeException {
    long trashed = Trash.items(pool).stream().mapToLong(Trash.Item::charged).sum();
    return charge <= pool.pool().capacity().promisable() - pool.catalog().chargedBytes() + trashed;
  }

  /** Empties what may be undone no longer, and {@link #relieve relieves} the pool. */
  void tidy(OpenPool pool, Instant now) throws VolumeException {
    for (Trash.Item item : Trash.items(pool)) {
      if (!item.deletedAt().plus(pool.pool().settings().trashRetention()).isAfter(now)) {
        trash.purge(item);
      }
    }
    relieve(pool);
    pool.catalog().tidy();
  }

  /**
   * Gives writers room: lets an automatic pool file grow or, when it cannot, deletes the oldest thing in the trash or, when that is
   * empty, the oldest base of an upload. Only one at each
   * call, because a filesystem frees the blocks of a deleted file in the background.
   */
  void relieve(OpenPool pool) throws VolumeException {
    if (isUnderPressure(pool) && !purgeOldest(pool) && pool.bases().dropOldest()) {
      System.getLogger(Room.class.getName()).log(System.Logger.Level.INFO, "pool " + pool.name()
          + " needs room: the base of an upload was dropped, and the next upload of that volume reads everything");
    }
  }

  /** Whether writers may soon find no space. */
  static boolean isUnderPressure(OpenPool pool) throws VolumeException {
    if (pool.pool().automatic()) {
      return !pool.pool().ensureHeadroom(0);
    }
    PoolCapacity capacity = pool.pool().capacity();
    return capacity.free() < capacity.total() / PRESSURE_DIVISOR;
  }
}
