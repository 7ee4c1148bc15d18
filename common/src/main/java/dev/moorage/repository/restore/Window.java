package dev.moorage.repository.restore;

import dev.moorage.repository.map.Leaf;
import dev.moorage.repository.map.Root;
import dev.moorage.repository.pack.BlobId;
import dev.moorage.repository.pack.BlobRef;
import dev.moorage.repository.pack.PackName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The present blocks of a few leaves, sorted by where they are stored, and the reads that fetch them: blobs that stand close together
 * are fetched by one request. Takes about 50 bytes for each block. Immutable once made.
 */
final class Window {

  /** Leaves of one window: what is planned at once. */
  static final int LEAVES = 16;

  /** A request is no longer than this, unless a single blob is. */
  private static final int READ_BYTES_MAX = 8 << 20;

  /** Reading over a gap is cheaper than another request. */
  private static final int GAP_BYTES_MAX = 256 << 10;

  private static final int INDEX_BITS = 17;
  private static final int OFFSET_BITS = 27;

  private final Root root;
  private final List<Leaf> leaves;
  private final List<PackName> packs = new ArrayList<>();
  /** Per block, in the order of the packs: pack, offset, and the block's number in this window. */
  private final long[] order;

  Window(Root root, List<Leaf> leaves) {
    this.root = root;
    this.leaves = leaves;
    this.order = new long[leaves.stream().mapToInt(Leaf::presentCount).sum()];
    Map<PackName, Integer> numbers = new HashMap<>();
    int at = 0;
    for (int each = 0; each < leaves.size(); each++) {
      Leaf leaf = leaves.get(each);
      int[] packOf = numbered(leaf, numbers);
      for (int slot = leaf.nextPresent(0); slot >= 0; slot = next(leaf, slot)) {
        long pack = packOf[leaf.packIndex(slot)];
        order[at++] = pack << (OFFSET_BITS + INDEX_BITS)
            | (long) leaf.ref(slot, 0).offset() << INDEX_BITS
            | ((long) each * Leaf.BLOCKS + slot);
      }
    }
    Arrays.sort(order);
  }

  private int[] numbered(Leaf leaf, Map<PackName, Integer> numbers) {
    int[] packOf = new int[leaf.packs().size()];
    for (int i = 0; i < packOf.length; i++) {
      PackName pack = leaf.packs().get(i);
      packOf[i] = numbers.computeIfAbsent(pack, name -> {
        packs.add(name);
        return packs.size() - 1;
      });
    }
    return packOf;
  }

  /** Claims the room of all blocks in the file. A block that stands alone is written at once and needs none. */
  void claimRuns(RestoreTarget file) throws IOException {
    long from = 0;
    long to = 0;
    for (Leaf leaf : leaves) {
      for (int slot = leaf.nextPresent(0); slot >= 0; slot = next(leaf, slot)) {
        long block = (long) leaf.index() * Leaf.BLOCKS + slot;
        if (block != to) {
          claim(file, from, to);
          from = block;
        }
        to = block + 1;
      }
    }
    claim(file, from, to);
  }

  private void claim(RestoreTarget file, long from, long to) throws IOException {
    if (to - from > 1) {
      long end = (to - 1) * root.blockBytes() + root.blockLength(to - 1);
      file.claim(from * root.blockBytes(), end - from * root.blockBytes());
    }
  }

  private static int next(Leaf leaf, int slot) {
    return slot + 1 < Leaf.BLOCKS ? leaf.nextPresent(slot + 1) : -1;
  }

  /** One block: which, where it is stored, and its id. */
  record Piece(long block, BlobRef ref, BlobId id) {}

  /** The block at this place of the order. */
  Piece piece(int place) {
    int index = (int) (order[place] & ((1L << INDEX_BITS) - 1));
    Leaf leaf = leaves.get(index / Leaf.BLOCKS);
    int slot = index % Leaf.BLOCKS;
    long block = (long) leaf.index() * Leaf.BLOCKS + slot;
    return new Piece(block, leaf.ref(slot, root.blockLength(block)), leaf.id(slot));
  }

  /**
   * One request, and the blocks that are in it.
   *
   * @param from the first place of the order
   * @param to the place after the last one
   */
  record Read(Window window, PackName pack, int offset, int length, int from, int to) {}

  /** The requests that fetch every block, each as long as it may be. */
  List<Read> reads() {
    List<Read> reads = new ArrayList<>();
    int place = 0;
    while (place < order.length) {
      BlobRef first = piece(place).ref();
      int end = first.end();
      int to = place + 1;
      while (to < order.length) {
        BlobRef next = piece(to).ref();
        boolean near = next.pack().equals(first.pack()) && next.offset() - end <= GAP_BYTES_MAX
            && next.end() - first.offset() <= READ_BYTES_MAX;
        if (!near) {
          break;
        }
        end = Math.max(end, next.end());
        to++;
      }
      reads.add(new Read(this, first.pack(), first.offset(), end - first.offset(), place, to));
      place = to;
    }
    return reads;
  }
}
