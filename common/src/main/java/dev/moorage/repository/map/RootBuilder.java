package dev.moorage.repository.map;

import dev.moorage.repository.pack.BlobId;
import dev.moorage.repository.pack.BlobRef;
import dev.moorage.repository.pack.PackName;
import java.util.Arrays;
import java.util.PrimitiveIterator;

/**
 * Makes a root from its leaves, which come in ascending order: new ones, and those that a parent's root has already. Packs are
 * numbered as they are first named, so a pack that no leaf uses any more is forgotten. One thread at a time.
 */
public final class RootBuilder {

  private static final int UNKNOWN = -1;

  private final long volumeBytes;
  private final int blockBytes;
  private final PackTableBuilder packs = new PackTableBuilder();
  private final LeafTable leaves = new LeafTable(16);
  private final PackLists lists = new PackLists();

  /** Whose numbers {@link #translated} translates. */
  private Root parent = NONE;
  private int[] translated = new int[0];

  private static final Root NONE =
      new Root(0, 1, new PackTable(new long[0], new long[0], new int[0]), new LeafTable(0), new PackLists());

  /** A root of a volume of this size, without leaves. */
  public RootBuilder(long volumeBytes, int blockBytes) {
    if (volumeBytes < 0 || blockBytes <= 0) {
      throw new IllegalArgumentException("no volume of " + volumeBytes + " bytes has blocks of " + blockBytes);
    }
    this.volumeBytes = volumeBytes;
    this.blockBytes = blockBytes;
  }

  /** Adds a leaf that was just written to {@code ref}. */
  public void put(Leaf leaf, BlobRef ref, BlobId id) {
    put(leaf.index(), ref, id, leaf.packs());
  }

  /** Adds a leaf with this index whose blocks are in these packs. */
  public void put(int leafIndex, BlobRef ref, BlobId id, Iterable<PackName> blockPacks) {
    check(leafIndex);
    int[] numbers = new int[16];
    int count = 0;
    for (PackName pack : blockPacks) {
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * count);
      }
      numbers[count++] = packs.number(pack);
    }
    leaves.add(leafIndex, packs.number(ref.pack()), ref, id);
    addList(numbers, count);
  }

  /**
   * Adds the leaf that {@code from} has at this position, without reading it.
   *
   * @throws IllegalArgumentException when it cannot be the same leaf here: other blocks, or a last block that was shorter
   */
  public void keep(Root from, int position) {
    checkSame(from, position);
    if (parent != from) {
      parent = from;
      translated = new int[from.packCount()];
      Arrays.fill(translated, UNKNOWN);
    }
    int[] numbers = new int[16];
    int count = 0;
    for (PrimitiveIterator.OfInt each = from.leafPacks(position); each.hasNext();) {
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * count);
      }
      numbers[count++] = translate(each.nextInt());
    }
    leaves.add(from.leafIndex(position), translate(from.leaves().pack(position)), from.leafRef(position), from.leafId(position));
    addList(numbers, count);
  }

  /** The root. The builder is used up. */
  public Root build() {
    leaves.trim();
    lists.trim();
    return new Root(volumeBytes, blockBytes, packs.build(), leaves, lists);
  }

  private int translate(int number) {
    if (translated[number] == UNKNOWN) {
      translated[number] = packs.number(parent.pack(number));
    }
    return translated[number];
  }

  private void addList(int[] numbers, int count) {
    int[] list = Arrays.copyOf(numbers, count);
    Arrays.sort(list);
    lists.add(list);
  }

  private void check(int leafIndex) {
    if (leafIndex < 0 || (long) leafIndex * Leaf.BLOCKS * blockBytes >= volumeBytes) {
      throw new IllegalArgumentException("a volume of " + volumeBytes + " bytes has no leaf " + leafIndex);
    }
  }

  private void checkSame(Root from, int position) {
    int leafIndex = from.leafIndex(position);
    check(leafIndex);
    long leafEnd = ((long) leafIndex + 1) * Leaf.BLOCKS * blockBytes;
    boolean endsInLeaf = from.volumeBytes() % blockBytes != 0 && from.volumeBytes() < leafEnd;
    boolean shrinksInLeaf = volumeBytes < Math.min(leafEnd, from.volumeBytes());
    if (from.blockBytes() != blockBytes || shrinksInLeaf || (endsInLeaf && volumeBytes != from.volumeBytes())) {
      throw new IllegalArgumentException("leaf " + leafIndex + " of a volume of " + from.volumeBytes() + " bytes is another one in "
          + volumeBytes + " bytes");
    }
  }
}
