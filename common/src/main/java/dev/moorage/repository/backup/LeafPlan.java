package dev.moorage.repository.backup;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done for one leaf of the map.
 *
 * @param sequence the number of the plan, from 0 on, in the order of the leaves
 * @param leaf its index
 * @param slots the blocks to be read, counted from the leaf's first
 * @param claimed the blocks that changed by the word of the extent maps, when that is to be found true; else null
 */
record LeafPlan(int sequence, int leaf, BitSet slots, @Nullable BitSet claimed) {}
