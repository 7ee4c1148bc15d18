package dev.moorage.repository.backup;

import dev.moorage.objectstore.ObjectStore;
import dev.moorage.repository.map.Leaf;
import dev.moorage.repository.map.Root;
import dev.moorage.repository.pack.BlobId;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What the workers of one backup share.
 *
 * @param parent the map of the snapshot whose blocks may be used again; null for none
 * @param isIncremental whether what is not planned is the parent's; else it is zeros, and the parent only saves storing
 */
record BackupContext(
    ObjectStore store,
    ImageSource source,
    int blockBytes,
    @Nullable Root parent,
    boolean isIncremental,
    PackStreams streams,
    MapStream map,
    SeenBlocks seen,
    ReusableBlocks reusable,
    BackupStats stats) {

  /** Where this content is stored already, by this backup or in a pack that may be used again; or null. */
  SeenBlocks.@Nullable Place find(BlobId id) throws IOException {
    SeenBlocks.Place met = seen.find(id.high(), id.low());
    return met != null ? met : reusable.find(id.high(), id.low());
  }

  /** Whether the volume, now or then, ends in this leaf or before it, and ends elsewhere now: then it is not the parent's leaf. */
  boolean hasOtherEnd(int leaf) {
    long leafEnd = (leaf + 1L) * Leaf.BLOCKS * blockBytes;
    return parent != null && parent.volumeBytes() != source.size() && leafEnd > Math.min(parent.volumeBytes(), source.size());
  }

  /** Whether the parent's block of that slot is as long: its last one may have been shorter. */
  boolean hasSameLength(int leaf, int slot, int length) {
    long block = (long) leaf * Leaf.BLOCKS + slot;
    return parent != null && block < parent.blockCount() && parent.blockLength(block) == length;
  }

  /** Whether the block is a whole one now, and was in the parent. */
  boolean isWholeInBoth(int leaf, int slot) {
    long end = ((long) leaf * Leaf.BLOCKS + slot + 1) * blockBytes;
    return parent != null && end <= parent.volumeBytes() && end <= source.size();
  }
}
