package dev.moorage.repository.backup;

import org.jspecify.annotations.Nullable;

/**
 * Blocks that this backup has sealed or met, by their ids, to find the same content elsewhere in the volume. Grows with them to at most
 * 32 MiB, for a million blocks; from then on, when a place is taken, the newer block wins, and an older twin is stored a second time,
 * which costs space and nothing else. Safe for use by several threads.
 */
final class SeenBlocks {

  private static final int SEGMENTS = 64;

  private final Segment[] segments = new Segment[SEGMENTS];

  SeenBlocks() {
    for (int i = 0; i < SEGMENTS; i++) {
      segments[i] = new Segment();
    }
  }

  /** Where a block is: the number of its pack in this backup's table, its ordinal, offset and sealed length. */
  record Place(int pack, int ordinal, int offset, int sealedLength) {}

  /** The place of the block of that id, or null. */
  @Nullable Place find(long high, long low) {
    return segment(low).find(high, low);
  }

  void put(long high, long low, Place place) {
    segment(low).put(high, low, place.pack, place.ordinal, place.offset, place.sealedLength);
  }

  /** Ids are keyed hashes: any bits of them are as good as random. */
  private Segment segment(long low) {
    return segments[(int) (low >>> 32) & (SEGMENTS - 1)];
  }

  /** A part of the table, which grows by itself, so that little is there twice meanwhile. */
  private static final class Segment {

    private static final int ENTRIES_MIN = 1 << 7;
    private static final int ENTRIES_MAX = (1 << 20) / SEGMENTS;
    private static final int WAYS = 4;
    private static final int PLACE_INTS = 4;

    private long[] ids = new long[2 * ENTRIES_MIN];
    private int[] places = new int[PLACE_INTS * ENTRIES_MIN];
    private int used;

    private int entries() {
      return ids.length / 2;
    }

    private int set(long low) {
      return (int) low & (entries() - 1) & -WAYS;
    }

    synchronized @Nullable Place find(long high, long low) {
      int set = set(low);
      for (int entry = set; entry < set + WAYS; entry++) {
        int at = PLACE_INTS * entry;
        if (ids[2 * entry] == high && ids[2 * entry + 1] == low && places[at + 3] > 0) {
          return new Place(places[at], places[at + 1], places[at + 2], places[at + 3]);
        }
      }
      return null;
    }

    synchronized void put(long high, long low, int pack, int ordinal, int offset, int sealedLength) {
      if (used > entries() / 2 && entries() < ENTRIES_MAX) {
        grow();
      }
      int set = set(low);
      int entry = set + (int) (high & (WAYS - 1));
      for (int candidate = set; candidate < set + WAYS; candidate++) {
        if (places[PLACE_INTS * candidate + 3] == 0) {
          entry = candidate;
          used++;
          break;
        }
      }
      ids[2 * entry] = high;
      ids[2 * entry + 1] = low;
      int at = PLACE_INTS * entry;
      places[at] = pack;
      places[at + 1] = ordinal;
      places[at + 2] = offset;
      places[at + 3] = sealedLength;
    }

    private void grow() {
      long[] oldIds = ids;
      int[] oldPlaces = places;
      ids = new long[2 * oldIds.length];
      places = new int[2 * oldPlaces.length];
      used = 0;
      for (int entry = 0; entry < oldIds.length / 2; entry++) {
        int at = PLACE_INTS * entry;
        if (oldPlaces[at + 3] > 0) {
          put(oldIds[2 * entry], oldIds[2 * entry + 1], oldPlaces[at], oldPlaces[at + 1], oldPlaces[at + 2], oldPlaces[at + 3]);
        }
      }
    }
  }
}
