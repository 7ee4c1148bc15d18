package dev.moorage.repository.backup;

import java.util.BitSet;

/**
 * What is to be done for one leaf of the map.
 *
 * @param leaf its index
 * @param blocks the blocks to be read, counted from the leaf's first
 */
record LeafPlan(int leaf, BitSet blocks) {}
