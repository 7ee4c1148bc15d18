package dev.moorage.repository.map;

import dev.moorage.repository.pack.BlobId;
import dev.moorage.repository.pack.BlobRef;
import dev.moorage.repository.pack.PackName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a leaf: from nothing, or from the parent's leaf, of which it then keeps what is not put or cleared. May be used again after
 * {@link #reset}. One thread at a time.
 */
public final class LeafBuilder {

  private int index;
  private final long[] present = new long[SlotSet.WORDS];
  private final LeafColumns columns = new LeafColumns(Leaf.BLOCKS);
  private final List<PackName> packs = new ArrayList<>();
  private final Map<PackName, Integer> packIndexes = new HashMap<>();

  /** A leaf without present blocks. */
  public LeafBuilder(int index) {
    this.index = index;
  }

  /** The blocks of the parent's leaf. */
  public LeafBuilder(Leaf parent) {
    this(parent.index());
    parent.packs().forEach(this::indexOf);
    for (int slot = parent.nextPresent(0); slot >= 0; slot = slot + 1 < Leaf.BLOCKS ? parent.nextPresent(slot + 1) : -1) {
      columns.copy(slot, parent.columns(), parent.slots().rank(slot));
      mark(slot);
    }
  }

  /** Begins another leaf without present blocks. */
  public void reset(int newIndex) {
    index = newIndex;
    Arrays.fill(present, 0);
    packs.clear();
    packIndexes.clear();
  }

  /** The number of the leaf. */
  public int index() {
    return index;
  }

  /** The block in this slot has this id and is there. Its plain length must be the block size, or that of the volume's last block. */
  public void put(int slot, BlobId id, BlobRef ref) {
    columns.idHigh[slot] = id.high();
    columns.idLow[slot] = id.low();
    columns.pack[slot] = (char) indexOf(ref.pack());
    columns.ordinal[slot] = ref.ordinal();
    columns.offset[slot] = ref.offset();
    columns.sealedLength[slot] = ref.sealedLength();
    mark(slot);
  }

  /** The block in this slot is all zeros. */
  public void clear(int slot) {
    present[slot / Long.SIZE] &= ~(1L << slot);
  }

  /** The leaf as it is now, or nothing when all its blocks are zeros. It names only packs that are in use. */
  public Optional<Leaf> build() {
    SlotSet slots = new SlotSet(present.clone());
    if (slots.count() == 0) {
      return Optional.empty();
    }
    LeafColumns packed = new LeafColumns(slots.count());
    int[] newIndex = new int[packs.size()];
    Arrays.fill(newIndex, -1);
    List<PackName> used = new ArrayList<>();
    int at = 0;
    for (int slot = slots.next(0); slot >= 0; slot = slot + 1 < Leaf.BLOCKS ? slots.next(slot + 1) : -1) {
      int pack = columns.pack[slot];
      if (newIndex[pack] < 0) {
        newIndex[pack] = used.size();
        used.add(packs.get(pack));
      }
      packed.copy(at, columns, slot);
      packed.pack[at++] = (char) newIndex[pack];
    }
    return Optional.of(new Leaf(index, used, slots, packed));
  }

  private void mark(int slot) {
    present[slot / Long.SIZE] |= 1L << slot;
  }

  private int indexOf(PackName pack) {
    Integer known = packIndexes.putIfAbsent(pack, packs.size());
    if (known == null) {
      packs.add(pack);
      return packs.size() - 1;
    }
    return known;
  }
}
