package dev.moorage.repository.copy;

import dev.moorage.objectstore.ObjectStore;
import dev.moorage.repository.key.KeyRing;
import dev.moorage.repository.map.Leaf;
import dev.moorage.repository.map.Root;
import dev.moorage.snapshot.Range;
import dev.moorage.snapshot.Ranges;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What differs between two snapshots of one repository, as their maps say it: leaves with the same id are not even read. Without an
 * earlier snapshot, all that is stored of the later one. Holds one leaf of each.
 */
public final class MapChanges implements Ranges {

  private final Root now;
  private final @Nullable Root before;
  private final StoredLeaves nowLeaves;
  private final @Nullable StoredLeaves beforeLeaves;
  private final Deque<Range> found = new ArrayDeque<>();
  private int nowPosition;
  private int beforePosition;

  /** {@code before} is no larger than {@code now}, or null. */
  public MapChanges(ObjectStore store, KeyRing ring, Root now, @Nullable Root before) {
    this.now = now;
    this.before = before;
    this.nowLeaves = new StoredLeaves(store, ring, now);
    this.beforeLeaves = before == null ? null : new StoredLeaves(store, ring, before);
  }

  @Override
  public @Nullable Range next() throws IOException {
    while (found.isEmpty()) {
      int index = Math.min(index(now, nowPosition), index(before, beforePosition));
      if (index == Integer.MAX_VALUE) {
        return null;
      }
      boolean here = index(now, nowPosition) == index;
      boolean there = index(before, beforePosition) == index;
      Root earlier = before;
      boolean same = here && there && earlier != null && now.leafId(nowPosition).equals(earlier.leafId(beforePosition));
      if (!same) {
        compare(index, nowLeaves.of(index), beforeLeaves == null ? null : beforeLeaves.of(index));
      }
      nowPosition += here ? 1 : 0;
      beforePosition += there ? 1 : 0;
    }
    return found.pop();
  }

  private static int index(@Nullable Root root, int position) {
    return root == null || position == root.leafCount() ? Integer.MAX_VALUE : root.leafIndex(position);
  }

  private void compare(int index, @Nullable Leaf current, @Nullable Leaf earlier) {
    BitSet differs = new BitSet(Leaf.BLOCKS);
    for (int slot = 0; slot < Leaf.BLOCKS; slot++) {
      boolean here = current != null && current.isPresent(slot);
      boolean there = earlier != null && earlier.isPresent(slot);
      differs.set(slot, here != there || (current != null && earlier != null && here && !earlier.holds(slot, current.id(slot))));
    }
    for (int from = differs.nextSetBit(0); from >= 0;) {
      int to = differs.nextClearBit(from);
      long begin = ((long) index * Leaf.BLOCKS + from) * now.blockBytes();
      long end = Math.min(now.volumeBytes(), ((long) index * Leaf.BLOCKS + to) * now.blockBytes());
      found.add(new Range(begin, end - begin));
      from = differs.nextSetBit(to);
    }
  }

  /** Maps in a repository never change. */
  @Override
  public boolean confirm() {
    return true;
  }

  @Override
  public void close() {
    nowLeaves.close();
    if (beforeLeaves != null) {
      beforeLeaves.close();
    }
  }
}
