package dev.moorage.repository.map;

import dev.moorage.repository.pack.BlobId;
import dev.moorage.repository.pack.BlobRef;
import java.util.Arrays;

/** Where the leaves of a root are, ascending by leaf index: 40 bytes each and no objects. Grows only; one thread at a time while it does. */
final class LeafTable {

  private int[] index;
  private int[] pack;
  private int[] ordinal;
  private int[] offset;
  private int[] sealedLength;
  private int[] plainLength;
  private long[] id;
  private int count;

  LeafTable(int expected) {
    index = new int[expected];
    pack = new int[expected];
    ordinal = new int[expected];
    offset = new int[expected];
    sealedLength = new int[expected];
    plainLength = new int[expected];
    id = new long[2 * expected];
  }

  int count() {
    return count;
  }

  int index(int position) {
    return index[position];
  }

  int pack(int position) {
    return pack[position];
  }

  BlobId id(int position) {
    return new BlobId(id[2 * position], id[2 * position + 1]);
  }

  BlobRef ref(int position, PackTable packs) {
    return new BlobRef(packs.name(pack[position]), ordinal[position], offset[position], sealedLength[position], plainLength[position]);
  }

  /** The position of the leaf with this index, or a negative number. */
  int find(int leafIndex) {
    return Arrays.binarySearch(index, 0, count, leafIndex);
  }

  void add(int leafIndex, int packNumber, BlobRef ref, BlobId leafId) {
    add(leafIndex, packNumber, ref.ordinal(), ref.offset(), ref.sealedLength(), ref.plainLength(), leafId);
  }

  /** The leaf with a higher index than all before. */
  void add(int leafIndex, int packNumber, int newOrdinal, int newOffset, int newSealedLength, int newPlainLength, BlobId leafId) {
    if (leafIndex < 0 || (count > 0 && index[count - 1] >= leafIndex)) {
      throw new IllegalArgumentException("leaves must ascend: " + leafIndex + " is out of order");
    }
    if (count == index.length) {
      resize(2 * count + 16);
    }
    index[count] = leafIndex;
    pack[count] = packNumber;
    ordinal[count] = newOrdinal;
    offset[count] = newOffset;
    sealedLength[count] = newSealedLength;
    plainLength[count] = newPlainLength;
    id[2 * count] = leafId.high();
    id[2 * count + 1] = leafId.low();
    count++;
  }

  void trim() {
    resize(count);
  }

  long heapBytes() {
    return 6L * Integer.BYTES * index.length + (long) Long.BYTES * id.length;
  }

  private void resize(int length) {
    index = Arrays.copyOf(index, length);
    pack = Arrays.copyOf(pack, length);
    ordinal = Arrays.copyOf(ordinal, length);
    offset = Arrays.copyOf(offset, length);
    sealedLength = Arrays.copyOf(sealedLength, length);
    plainLength = Arrays.copyOf(plainLength, length);
    id = Arrays.copyOf(id, 2 * length);
  }
}
