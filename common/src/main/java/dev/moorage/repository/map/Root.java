package dev.moorage.repository.map;

import dev.moorage.repository.pack.BlobId;
import dev.moorage.repository.pack.BlobRef;
import dev.moorage.repository.pack.PackName;
import java.util.PrimitiveIterator;
import java.util.function.Consumer;

/**
 * The map of one whole snapshot: where its leaves are, and every pack that a leaf or a block of it is in. Nothing else is needed to
 * know what the snapshot uses; the leaves are needed to read it. A leaf that is not there is all zeros.
 *
 * <p>The <em>position</em> of a leaf is its place among those that are there; its <em>index</em> says which blocks it covers.
 * Immutable and held in arrays: a snapshot of 10 TiB in blocks of 64 KiB takes about 10 MiB of memory.
 */
public final class Root {

  private final long volumeBytes;
  private final int blockBytes;
  private final PackTable packs;
  private final LeafTable leaves;
  private final PackLists lists;

  /** Takes over what it is given. */
  Root(long volumeBytes, int blockBytes, PackTable packs, LeafTable leaves, PackLists lists) {
    this.volumeBytes = volumeBytes;
    this.blockBytes = blockBytes;
    this.packs = packs;
    this.leaves = leaves;
    this.lists = lists;
  }

  /** The size of the volume, which need not be a multiple of the block size. */
  public long volumeBytes() {
    return volumeBytes;
  }

  /** The size of all blocks but the volume's last. */
  public int blockBytes() {
    return blockBytes;
  }

  /** How many blocks the volume has, zeros included. */
  public long blockCount() {
    return (volumeBytes + blockBytes - 1) / blockBytes;
  }

  /** How long a block is: the block size, or what is left for the last one. */
  public int blockLength(long block) {
    return (int) Math.min(blockBytes, volumeBytes - block * blockBytes);
  }

  /** How many leaves there are. */
  public int leafCount() {
    return leaves.count();
  }

  /** The index of the leaf at this position; they ascend. */
  public int leafIndex(int position) {
    return leaves.index(position);
  }

  /** The position of the leaf with this index, or a negative number when all its blocks are zeros. */
  public int findLeaf(int leafIndex) {
    return leaves.find(leafIndex);
  }

  /** Where the leaf at this position is. */
  public BlobRef leafRef(int position) {
    return leaves.ref(position, packs);
  }

  /** The id of the leaf at this position. */
  public BlobId leafId(int position) {
    return leaves.id(position);
  }

  /** The packs that the blocks of the leaf at this position are in, as numbers of {@link #pack}, ascending. */
  public PrimitiveIterator.OfInt leafPacks(int position) {
    return lists.numbers(position);
  }

  /** How many packs the snapshot uses. */
  public int packCount() {
    return packs.size();
  }

  /** The pack of this number, from 0 on. */
  public PackName pack(int number) {
    return packs.name(number);
  }

  /** Each pack that the snapshot uses, once; the packs of its root are not among them. */
  public void forEachPack(Consumer<PackName> action) {
    for (int number = 0; number < packs.size(); number++) {
      action.accept(packs.name(number));
    }
  }

  /** Whether it is the map of the very same bytes, stored at the same places. */
  public boolean isSameAs(Root other) {
    boolean same = volumeBytes == other.volumeBytes && blockBytes == other.blockBytes && leafCount() == other.leafCount();
    for (int position = 0; same && position < leafCount(); position++) {
      same = leafIndex(position) == other.leafIndex(position) && leafId(position).equals(other.leafId(position))
          && leafRef(position).equals(other.leafRef(position));
    }
    return same;
  }

  /** How much memory it takes, within a few hundred bytes. */
  public long heapBytes() {
    return packs.heapBytes() + leaves.heapBytes() + lists.heapBytes();
  }

  PackTable packs() {
    return packs;
  }

  LeafTable leaves() {
    return leaves;
  }

  PackLists lists() {
    return lists;
  }
}
