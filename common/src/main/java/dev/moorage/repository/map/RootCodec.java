package dev.moorage.repository.map;

import dev.moorage.repository.Hex128;
import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.pack.BlobId;
import dev.moorage.repository.pack.BlobRef;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;

/**
 * The text of a root, which is cut into parts of at most {@link #PART_BYTES}; each is a blob of a map pack. Big-endian:
 * <pre>
 *   magic "MRGR" | version u8 = 1 | 0 u8 | 0 u16 | volume bytes u64 | block bytes u32 | blocks per leaf u32 = 4096
 *   | sessions u32 | packs u32 | leaves u32
 *   per session: id 16
 *   per pack: number of its session u32, id 16
 *   per leaf, ascending: leaf index u32, then where it is: number of the pack u32, ordinal u32, offset u32, sealed length u32,
 *     plain length u32; its id 16; the packs of its blocks: bytes u32, then ascending numbers, each as its distance to the one before
 *     (the first to -1) less one, seven bits a byte, the lowest first, the highest bit set in all bytes but the number's last
 * </pre>
 */
public final class RootCodec {

  /** The longest part; all but the last have this length. */
  public static final int PART_BYTES = 4 << 20;

  private static final int MAGIC = 0x4D524752;
  private static final int VERSION = 1;
  private static final int PACK_BYTES = Integer.BYTES + Hex128.BYTES;
  private static final int LEAF_BYTES_MIN = 7 * Integer.BYTES + Hex128.BYTES;

  private RootCodec() {}

  /** Takes the parts of a root, in order. */
  public interface Sink {
    /** Stores one part; the array is used again afterwards. */
    void part(byte[] text, int length) throws IOException;
  }

  /** Reads parts of roots. */
  public interface Source {
    /** The text of the blob. */
    byte[] text(BlobRef part) throws IOException;
  }

  /** Hands the parts of the root's text to the sink. The same root gives the same text. */
  public static void write(Root root, Sink sink) throws IOException {
    write(root, PART_BYTES, sink);
  }

  static void write(Root root, int partBytes, Sink sink) throws IOException {
    try (DataOutputStream text = new DataOutputStream(new PartCutter(partBytes, sink))) {
      text.writeInt(MAGIC);
      text.writeByte(VERSION);
      text.write(new byte[3]);
      text.writeLong(root.volumeBytes());
      text.writeInt(root.blockBytes());
      text.writeInt(Leaf.BLOCKS);
      text.writeInt(root.packs().sessionCount());
      text.writeInt(root.packCount());
      text.writeInt(root.leafCount());
      writePacks(root.packs(), text);
      for (int position = 0; position < root.leafCount(); position++) {
        writeLeaf(root, position, text);
      }
    }
  }

  private static void writePacks(PackTable packs, DataOutputStream text) throws IOException {
    for (int number = 0; number < packs.sessionCount(); number++) {
      write(packs.session(number), text);
    }
    for (int number = 0; number < packs.size(); number++) {
      text.writeInt(packs.sessionOf(number));
      write(packs.pack(number), text);
    }
  }

  private static void writeLeaf(Root root, int position, DataOutputStream text) throws IOException {
    BlobRef ref = root.leafRef(position);
    BlobId id = root.leafId(position);
    byte[] list = root.lists().encoded(position);
    text.writeInt(root.leafIndex(position));
    text.writeInt(root.leaves().pack(position));
    text.writeInt(ref.ordinal());
    text.writeInt(ref.offset());
    text.writeInt(ref.sealedLength());
    text.writeInt(ref.plainLength());
    text.writeLong(id.high());
    text.writeLong(id.low());
    text.writeInt(list.length);
    text.write(list);
  }

  private static void write(Hex128 bits, DataOutputStream text) throws IOException {
    text.writeLong(bits.high());
    text.writeLong(bits.low());
  }

  /**
   * Reads a root, part after part.
   *
   * @param place what messages call it
   * @param parts in order
   * @throws UnreadableException when the parts are not those of a root
   */
  public static Root read(String place, List<BlobRef> parts, Source source) throws IOException {
    long bytes = parts.stream().mapToLong(BlobRef::plainLength).sum();
    try (DataInputStream text = new DataInputStream(new PartStream(parts, source))) {
      Root root = read(place, bytes, text);
      if (text.read() >= 0) {
        throw new UnreadableException.Damaged(place, "has bytes too many");
      }
      return root;
    } catch (EOFException e) {
      throw new UnreadableException.Damaged(place, "is cut short: it has " + bytes + " bytes", e);
    } catch (IllegalArgumentException | NoSuchElementException | ArithmeticException e) {
      throw new UnreadableException.Damaged(place, "is no root: " + e.getMessage(), e);
    }
  }

  private static Root read(String place, long bytes, DataInputStream text) throws IOException {
    if (text.readInt() != MAGIC) {
      throw new UnreadableException.Foreign(place, "is no root: it does not begin with MRGR");
    }
    int version = text.readUnsignedByte();
    if (version != VERSION) {
      throw new UnreadableException.Newer(place, version, VERSION);
    }
    text.readFully(new byte[3]);
    long volumeBytes = text.readLong();
    int blockBytes = text.readInt();
    int leafBlocks = text.readInt();
    int sessions = text.readInt();
    int packs = text.readInt();
    int leaves = text.readInt();
    // What is counted is there, too: no damage makes us ask for memory without end.
    if (volumeBytes < 0 || blockBytes <= 0 || leafBlocks != Leaf.BLOCKS || sessions < 0 || packs < 0 || leaves < 0
        || (long) sessions * Hex128.BYTES + (long) packs * PACK_BYTES + (long) leaves * LEAF_BYTES_MIN > bytes) {
      throw new UnreadableException.Damaged(place, "has impossible numbers in its head");
    }
    PackTable table = readPacks(sessions, packs, text);
    return readLeaves(new Root(volumeBytes, blockBytes, table, new LeafTable(leaves), new PackLists(leaves * 8, leaves)), leaves, text);
  }

  private static PackTable readPacks(int sessionCount, int packCount, DataInputStream text) throws IOException {
    long[] sessions = new long[2 * sessionCount];
    for (int i = 0; i < sessions.length; i++) {
      sessions[i] = text.readLong();
    }
    long[] packs = new long[2 * packCount];
    int[] sessionOf = new int[packCount];
    for (int i = 0; i < packCount; i++) {
      sessionOf[i] = checkedBelow(sessionCount, text.readInt());
      packs[2 * i] = text.readLong();
      packs[2 * i + 1] = text.readLong();
    }
    return new PackTable(sessions, packs, sessionOf);
  }

  private static Root readLeaves(Root root, int count, DataInputStream text) throws IOException {
    int end = Math.toIntExact((root.blockCount() + Leaf.BLOCKS - 1) / Leaf.BLOCKS);
    for (int position = 0; position < count; position++) {
      int index = checkedBelow(end, text.readInt());
      int pack = checkedBelow(root.packCount(), text.readInt());
      root.leaves().add(index, pack, text.readInt(), text.readInt(), text.readInt(), text.readInt(),
          new BlobId(text.readLong(), text.readLong()));
      // Refuses what cannot be.
      root.leafRef(position);
      byte[] list = new byte[checkedBelow(root.packCount() * 5 + 1, text.readInt())];
      text.readFully(list);
      root.lists().add(list);
      checkList(root, position);
    }
    root.leaves().trim();
    root.lists().trim();
    return root;
  }

  private static void checkList(Root root, int position) {
    int previous = -1;
    for (PrimitiveIterator.OfInt numbers = root.leafPacks(position); numbers.hasNext();) {
      int number = checkedBelow(root.packCount(), numbers.nextInt());
      if (number <= previous) {
        throw new IllegalArgumentException("a list does not ascend");
      }
      previous = number;
    }
  }

  private static int checkedBelow(int end, int number) {
    if (number < 0 || number >= end) {
      throw new IllegalArgumentException("the number " + Integer.toUnsignedString(number) + " is not below " + end);
    }
    return number;
  }
}
