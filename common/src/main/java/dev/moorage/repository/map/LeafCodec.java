package dev.moorage.repository.map;

import dev.moorage.repository.Hex128;
import dev.moorage.repository.SessionId;
import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.pack.PackName;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The text of a leaf's blob. Big-endian; columns of {@code n} present blocks in the order of their slots; a column of numbers stands
 * byte by byte, all first bytes before all second bytes, because that compresses better:
 * <pre>
 *   magic "MRGL" | version u8 = 1 | 0 u8 | packs p u16 | leaf index u32 | n u16 | 0 u16
 *   p times: session id 16, pack id 16
 *   512 bytes: slot s is present when bit s % 8 (1 is the lowest) of byte s / 8 is set
 *   n ids of 16 | n pack indexes u16 | n ordinals u32 | n offsets u32 | n sealed lengths u32
 * </pre>
 * Ordinal and offset are stored as the difference, modulo 2^32, to what is expected: for the first block of a pack in this leaf 0, for
 * every other one more than the ordinal, and the end, of the one before it in the same pack.
 */
public final class LeafCodec {

  /** No leaf's text is longer. */
  public static final int BYTES_MAX = LeafCodec.bytes(Leaf.BLOCKS, Leaf.BLOCKS);

  private static final int MAGIC = 0x4D52474C;
  private static final int VERSION = 1;
  private static final int HEAD_BYTES = 16;
  private static final int PACK_BYTES = 2 * Hex128.BYTES;
  private static final int BITMAP_BYTES = Leaf.BLOCKS / Byte.SIZE;
  private static final int BLOCK_BYTES = Hex128.BYTES + Short.BYTES + 3 * Integer.BYTES;

  private LeafCodec() {}

  private static int bytes(int packs, int blocks) {
    return HEAD_BYTES + packs * PACK_BYTES + BITMAP_BYTES + blocks * BLOCK_BYTES;
  }

  /** The leaf's text. The same leaf gives the same text. */
  public static byte[] encode(Leaf leaf) {
    int count = leaf.presentCount();
    LeafColumns columns = leaf.columns();
    ByteBuffer text = ByteBuffer.allocate(bytes(leaf.packs().size(), count));
    text.putInt(MAGIC).put((byte) VERSION).put((byte) 0).putShort((short) leaf.packs().size())
        .putInt(leaf.index()).putShort((short) count).putShort((short) 0);
    for (PackName pack : leaf.packs()) {
      put(text, pack.session().bits());
      put(text, pack.pack());
    }
    for (int i = 0; i < SlotSet.WORDS; i++) {
      text.putLong(Long.reverseBytes(leaf.slots().word(i)));
    }
    for (int i = 0; i < count; i++) {
      text.putLong(columns.idHigh[i]).putLong(columns.idLow[i]);
    }
    for (int shift = Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      for (int i = 0; i < count; i++) {
        text.put((byte) (columns.pack[i] >>> shift));
      }
    }
    LeafColumns differences = differences(columns, leaf.packs().size(), true);
    putBytewise(text, differences.ordinal);
    putBytewise(text, differences.offset);
    putBytewise(text, columns.sealedLength);
    return text.array();
  }

  /**
   * Reads the leaf of this index.
   *
   * @param place what messages call it
   * @throws UnreadableException when the text is not that of a leaf
   */
  public static Leaf decode(String place, int index, byte[] bytes, int length) throws UnreadableException {
    if (length < HEAD_BYTES) {
      throw new UnreadableException.Truncated(place, length, HEAD_BYTES);
    }
    ByteBuffer text = ByteBuffer.wrap(bytes, 0, length);
    if (text.getInt() != MAGIC) {
      throw new UnreadableException.Foreign(place, "is no leaf: it does not begin with MRGL");
    }
    int version = Byte.toUnsignedInt(text.get());
    if (version != VERSION) {
      throw new UnreadableException.Newer(place, version, VERSION);
    }
    int packs = Short.toUnsignedInt(text.getShort(6));
    int count = Short.toUnsignedInt(text.getShort(12));
    if (text.getInt(8) != index || count == 0 || count > Leaf.BLOCKS || packs == 0 || packs > count) {
      throw new UnreadableException.Damaged(place, "is not the leaf " + index);
    }
    if (length != bytes(packs, count)) {
      throw new UnreadableException.Truncated(place, length, bytes(packs, count));
    }
    return body(place, index, packs, count, text.position(HEAD_BYTES));
  }

  private static Leaf body(String place, int index, int packCount, int count, ByteBuffer text) throws UnreadableException {
    List<PackName> packs = new ArrayList<>(packCount);
    for (int i = 0; i < packCount; i++) {
      SessionId session = new SessionId(Hex128.read(text));
      packs.add(new PackName(session, Hex128.read(text)));
    }
    long[] words = new long[SlotSet.WORDS];
    for (int i = 0; i < words.length; i++) {
      words[i] = Long.reverseBytes(text.getLong());
    }
    SlotSet slots = new SlotSet(words);
    if (slots.count() != count) {
      throw new UnreadableException.Damaged(place, "has " + slots.count() + " present blocks in its bitmap and " + count + " in its columns");
    }
    LeafColumns stored = columns(count, text);
    for (char pack : stored.pack) {
      if (pack >= packCount) {
        throw new UnreadableException.Damaged(place, "has a block in a pack that it does not name");
      }
    }
    LeafColumns columns = differences(stored, packCount, false);
    for (int i = 0; i < count; i++) {
      if (columns.ordinal[i] < 0 || columns.offset[i] < 0 || columns.sealedLength[i] < 0
          || columns.offset[i] > Integer.MAX_VALUE - columns.sealedLength[i]) {
        throw new UnreadableException.Damaged(place, "has a block where none can be");
      }
    }
    return new Leaf(index, packs, slots, columns);
  }

  private static LeafColumns columns(int count, ByteBuffer text) {
    LeafColumns columns = new LeafColumns(count);
    for (int i = 0; i < count; i++) {
      columns.idHigh[i] = text.getLong();
      columns.idLow[i] = text.getLong();
    }
    for (int shift = Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      for (int i = 0; i < count; i++) {
        columns.pack[i] |= (char) (Byte.toUnsignedInt(text.get()) << shift);
      }
    }
    getBytewise(text, columns.ordinal);
    getBytewise(text, columns.offset);
    getBytewise(text, columns.sealedLength);
    return columns;
  }

  /** Turns ordinals and offsets into their differences to what is expected, or back. */
  private static LeafColumns differences(LeafColumns from, int packs, boolean encode) {
    int count = from.pack.length;
    LeafColumns to = new LeafColumns(count);
    int[] expectedOrdinal = new int[packs];
    int[] expectedOffset = new int[packs];
    for (int i = 0; i < count; i++) {
      int pack = from.pack[i];
      to.copy(i, from, i);
      to.ordinal[i] = from.ordinal[i] + (encode ? -expectedOrdinal[pack] : expectedOrdinal[pack]);
      to.offset[i] = from.offset[i] + (encode ? -expectedOffset[pack] : expectedOffset[pack]);
      LeafColumns whole = encode ? from : to;
      expectedOrdinal[pack] = whole.ordinal[i] + 1;
      expectedOffset[pack] = whole.offset[i] + whole.sealedLength[i];
    }
    return to;
  }

  private static void put(ByteBuffer text, Hex128 bits) {
    text.putLong(bits.high()).putLong(bits.low());
  }

  private static void putBytewise(ByteBuffer text, int[] column) {
    for (int shift = 24; shift >= 0; shift -= Byte.SIZE) {
      for (int number : column) {
        text.put((byte) (number >>> shift));
      }
    }
  }

  private static void getBytewise(ByteBuffer text, int[] column) {
    for (int shift = 24; shift >= 0; shift -= Byte.SIZE) {
      for (int i = 0; i < column.length; i++) {
        column[i] |= Byte.toUnsignedInt(text.get()) << shift;
      }
    }
  }
}
