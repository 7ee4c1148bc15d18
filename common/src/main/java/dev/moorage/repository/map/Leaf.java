package dev.moorage.repository.map;

import dev.moorage.repository.pack.BlobId;
import dev.moorage.repository.pack.BlobRef;
import dev.moorage.repository.pack.PackName;
import java.util.List;

/**
 * Where {@value #BLOCKS} blocks of a volume that follow each other are. The <em>slot</em> of a block is its number within the leaf. A
 * slot that is not present is all zeros. A leaf in which no slot is present does not exist. Immutable; about 40 bytes per present block.
 */
public final class Leaf {

  /** Slots of a leaf, present or not. The format's, for ever. */
  public static final int BLOCKS = 4096;

  private final int index;
  private final List<PackName> packs;
  private final SlotSet slots;
  private final LeafColumns columns;

  /** Takes over what it is given. */
  Leaf(int index, List<PackName> packs, SlotSet slots, LeafColumns columns) {
    this.index = index;
    this.packs = List.copyOf(packs);
    this.slots = slots;
    this.columns = columns;
  }

  /** The leaf that a block of the volume belongs to. */
  public static int indexOf(long block) {
    return Math.toIntExact(block / BLOCKS);
  }

  /** The slot of a block of the volume in its leaf. */
  public static int slotOf(long block) {
    return (int) (block % BLOCKS);
  }

  /** The number of the leaf: it begins with the volume's block {@code index * BLOCKS}. */
  public int index() {
    return index;
  }

  /** Every pack that one of its blocks is in. */
  public List<PackName> packs() {
    return packs;
  }

  /** How many slots are present. */
  public int presentCount() {
    return slots.count();
  }

  /** Whether the block is stored; if not, it is all zeros. */
  public boolean isPresent(int slot) {
    return slots.has(slot);
  }

  /** The first present slot at or after {@code slot}, or -1. */
  public int nextPresent(int slot) {
    return slots.next(slot);
  }

  /** The id of a present block. */
  public BlobId id(int slot) {
    int at = slots.rank(slot);
    return new BlobId(columns.idHigh[at], columns.idLow[at]);
  }

  /** Whether a block is present and has this id; allocates nothing. */
  public boolean holds(int slot, BlobId id) {
    if (!slots.has(slot)) {
      return false;
    }
    int at = slots.rank(slot);
    return columns.idHigh[at] == id.high() && columns.idLow[at] == id.low();
  }

  /** The pack of a present block, as an index into {@link #packs}. */
  public int packIndex(int slot) {
    return columns.pack[slots.rank(slot)];
  }

  /**
   * Where a present block is.
   *
   * @param plainLength the block size, or less for the volume's last block: the leaf does not know it
   */
  public BlobRef ref(int slot, int plainLength) {
    int at = slots.rank(slot);
    return new BlobRef(packs.get(columns.pack[at]), columns.ordinal[at], columns.offset[at], columns.sealedLength[at], plainLength);
  }

  SlotSet slots() {
    return slots;
  }

  LeafColumns columns() {
    return columns;
  }
}
