package dev.moorage.repository.backup;

import dev.moorage.repository.map.Leaf;
import dev.moorage.snapshot.Ranges;
import java.io.IOException;
import java.util.BitSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of which the extent maps say that they changed since the parent, while everything is read all the same: what differs
 * besides them shows that the maps lie. Leaves are asked for in ascending order, by one thread at a time.
 */
final class ClaimedBlocks {

  private final LeafPlans changed;
  private @Nullable LeafPlan ahead;
  private boolean begun;

  ClaimedBlocks(Ranges ranges, long size, int blockBytes) {
    this.changed = new LeafPlans(ranges, new TreeSet<>(), size, blockBytes);
  }

  /** Those of this leaf, counted from its first. */
  BitSet of(int leaf) throws IOException {
    if (!begun) {
      ahead = changed.next();
      begun = true;
    }
    while (ahead != null && ahead.leaf() < leaf) {
      ahead = changed.next();
    }
    return ahead != null && ahead.leaf() == leaf ? ahead.slots() : new BitSet(Leaf.BLOCKS);
  }
}
