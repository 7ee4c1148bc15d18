package dev.moorage.repository.backup;

import dev.moorage.repository.map.Leaf;
import dev.moorage.snapshot.Range;
import dev.moorage.snapshot.Ranges;
import java.io.IOException;
import java.util.BitSet;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the ranges that must be read into leaves, in ascending order: every leaf that a range touches, and every leaf that has to be
 * read in full whatever the ranges say. Safe for use by several threads; each plan is given out once.
 */
final class LeafPlans {

  private final Ranges ranges;
  private final NavigableSet<Integer> wholly;
  private final NavigableSet<Integer> visited;
  private final @Nullable ClaimedBlocks claimed;
    private final int blockBytes;
  private final long blocks;
  private @Nullable Range ahead;
  private boolean begun;
  private int sequence;

  /** {@code wholly} are leaves to be read in full. */
  LeafPlans(Ranges ranges, NavigableSet<Integer> wholly, long size, int blockBytes) {
    this(ranges, wholly, new TreeSet<>(), null, size, blockBytes);
  }

  /** {@code visited} are leaves that are planned even when nothing of them is read; {@code claimed} is compared with what is found. */
  LeafPlans(Ranges ranges, NavigableSet<Integer> wholly, NavigableSet<Integer> visited, @Nullable ClaimedBlocks claimed, long size,
      int blockBytes) {
    this.visited = visited;
    this.claimed = claimed;
    this.ranges = ranges;
    this.wholly = wholly;
    this.blockBytes = blockBytes;
    this.blocks = Math.ceilDiv(size, blockBytes);
  }

  /** The next leaf, or null after the last one. */
  synchronized @Nullable LeafPlan next() throws IOException {
    if (!begun) {
      ahead = ranges.next();
      begun = true;
    }
    int leaf = nextLeaf();
    if (leaf < 0) {
      return null;
    }
    visited.remove(leaf);
    BitSet wanted = new BitSet(Leaf.BLOCKS);
    long first = (long) leaf * Leaf.BLOCKS;
    long end = Math.min(blocks, first + Leaf.BLOCKS);
    if (wholly.remove(leaf)) {
      wanted.set(0, (int) (end - first));
    }
    while (ahead != null && ahead.offset() / blockBytes < end) {
      long from = Math.max(first, ahead.offset() / blockBytes);
      long to = Math.min(end, Math.ceilDiv(ahead.end(), blockBytes));
      wanted.set((int) (from - first), (int) (to - first));
      if (Math.ceilDiv(ahead.end(), blockBytes) > end) {
        break;
      }
      // A range that ends inside a block may be followed by one that begins in the same block, also in the next leaf.
      ahead = ranges.next();
    }
    if (ahead != null && ahead.offset() < end * blockBytes) {
      ahead = new Range(end * blockBytes, ahead.end() - end * blockBytes);
    }
    return new LeafPlan(sequence++, leaf, wanted, claimed == null ? null : claimed.of(leaf));
  }

  private int nextLeaf() {
    int ofRange = ahead == null ? Integer.MAX_VALUE : Math.toIntExact(ahead.offset() / blockBytes / Leaf.BLOCKS);
    int forced = wholly.isEmpty() ? Integer.MAX_VALUE : wholly.first();
    int leaf = Math.min(Math.min(ofRange, forced), visited.isEmpty() ? Integer.MAX_VALUE : visited.first());
    return leaf == Integer.MAX_VALUE ? -1 : leaf;
  }
}
