package dev.moorage.repository.backup;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Blocks that this backup has sealed or met, by their ids, to find the same content elsewhere in the volume. Of constant size: when a
 * place is taken, the newer block wins, and an older twin is stored a second time, which costs space and nothing else. Safe for use
 * by several threads.
 */
final class SeenBlocks {

  private static final int ENTRIES_MAX = 1 << 20;
  private static final int WAYS = 4;
  private static final int STRIPES = 64;
  private static final int PLACE_INTS = 4;

  private final int mask;
  private final long[] ids;
  private final int[] places;
  private final ReentrantLock[] locks = new ReentrantLock[STRIPES];

  /** For about so many blocks: 32 bytes each, at most 32 MiB. */
  SeenBlocks(long blocks) {
    int entries = Math.clamp(Long.highestOneBit(Math.max(1, blocks)) << 1, 1 << 10, ENTRIES_MAX);
    this.mask = entries - 1;
    this.ids = new long[2 * entries];
    this.places = new int[PLACE_INTS * entries];
    for (int i = 0; i < STRIPES; i++) {
      locks[i] = new ReentrantLock();
    }
  }

  /** Where a block is: the number of its pack in this backup's table, its ordinal, offset and sealed length. */
  record Place(int pack, int ordinal, int offset, int sealedLength) {}

  /** The place of the block of that id, or null. */
  @Nullable Place find(long high, long low) {
    int set = set(low);
    ReentrantLock lock = locks[(set / WAYS) & (STRIPES - 1)];
    lock.lock();
    try {
      for (int entry = set; entry < set + WAYS; entry++) {
        int at = PLACE_INTS * entry;
        if (ids[2 * entry] == high && ids[2 * entry + 1] == low && places[at + 3] > 0) {
          return new Place(places[at], places[at + 1], places[at + 2], places[at + 3]);
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  void put(long high, long low, Place place) {
    int set = set(low);
    ReentrantLock lock = locks[(set / WAYS) & (STRIPES - 1)];
    lock.lock();
    try {
      int entry = set + (int) (high & (WAYS - 1));
      for (int candidate = set; candidate < set + WAYS; candidate++) {
        if (places[PLACE_INTS * candidate + 3] == 0) {
          entry = candidate;
          break;
        }
      }
      ids[2 * entry] = high;
      ids[2 * entry + 1] = low;
      int at = PLACE_INTS * entry;
      places[at] = place.pack;
      places[at + 1] = place.ordinal;
      places[at + 2] = place.offset;
      places[at + 3] = place.sealedLength;
    } finally {
      lock.unlock();
    }
  }

  /** Ids are keyed hashes: any bits of them are as good as random. */
  private int set(long low) {
    return (int) low & mask & -WAYS;
  }
}
