package dev.moorage.repository.backup;

import dev.moorage.repository.pack.PackEntry;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where each block is that is stored already and may be used again, in a file of the spool directory: 64 bytes of disk for a block and none of
 * memory, because an attempt that a crash ended, or a relative, may have stored terabytes, and all of it must be found again. A hash table with
 * open addressing that is at most half full; an entry is 32 bytes: the id, then pack, ordinal, offset and sealed length, which is 0 where there
 * is none. Once made, safe for use by several threads.
 */
final class ReusableBlocks implements AutoCloseable {

  private static final String LIST = "reusable.list";
  private static final String TABLE = "reusable.table";
  private static final int ENTRY_BYTES = 32;
  private static final int PACK_AT = 16;
  private static final int LENGTH_AT = 28;
  /** Read at once: nearly always all that a look takes. */
  private static final int LOOK_ENTRIES = 8;

  private final Path file;
  private final @Nullable FileChannel table;
  private final long places;

  private ReusableBlocks(Path file, @Nullable FileChannel table, long places) {
    this.file = file;
    this.table = table;
    this.places = places;
  }

  /** Reads what is in all packs, and numbers them. */
  static ReusableBlocks make(ReusablePacks packs, PackStreams streams) throws IOException {
    Path file = streams.spool().resolve(TABLE);
    List<PackEntry> first = packs.next();
    if (first == null) {
      return new ReusableBlocks(file, null, 0);
    }
    Path list = streams.spool().resolve(LIST);
    try {
      // Twice, because only then it is known how large the table must be.
      long count = list(first, packs, streams, list);
      ReusableBlocks made = empty(file, count);
      try {
        made.fill(list, count);
      } catch (IOException e) {
        made.close();
        throw e;
      }
      return made;
    } finally {
      Files.deleteIfExists(list);
    }
  }

  private static long list(List<PackEntry> first, ReusablePacks packs, PackStreams streams, Path list) throws IOException {
    long count = 0;
    try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(list), 1 << 16))) {
      for (@Nullable List<PackEntry> pack = first; pack != null; pack = packs.next()) {
        int number = pack.isEmpty() ? 0 : streams.register(pack.getFirst().ref().pack());
        for (PackEntry entry : pack) {
          out.writeLong(entry.id().high());
          out.writeLong(entry.id().low());
          out.writeInt(number);
          out.writeInt(entry.ref().ordinal());
          out.writeInt(entry.ref().offset());
          out.writeInt(entry.ref().sealedLength());
        }
        count += pack.size();
      }
    }
    return count;
  }

  private static ReusableBlocks empty(Path file, long count) throws IOException {
    long places = Math.max(LOOK_ENTRIES, Long.highestOneBit(2 * count) << 1);
    FileChannel table = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.READ,
        StandardOpenOption.WRITE);
    // The rest is a hole, which reads as places that are free.
    writeAll(table, ByteBuffer.allocate(1), places * ENTRY_BYTES - 1);
    return new ReusableBlocks(file, table, places);
  }

  private void fill(Path list, long count) throws IOException {
    ByteBuffer look = ByteBuffer.allocate(LOOK_ENTRIES * ENTRY_BYTES);
    byte[] entry = new byte[ENTRY_BYTES];
    ByteBuffer fields = ByteBuffer.wrap(entry);
    try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(list), 1 << 16))) {
      for (long i = 0; i < count; i++) {
        in.readFully(entry);
        long place = seek(fields.getLong(0), fields.getLong(Long.BYTES), look);
        if (look.getInt(look.position() + LENGTH_AT) == 0) {
          writeAll(channel(), ByteBuffer.wrap(entry), place * ENTRY_BYTES);
        }
      }
    }
  }

  private FileChannel channel() {
    if (table == null) {
      throw new IllegalStateException("BUG: there are no packs to use again");
    }
    return table;
  }

  /** The place of the block of that id, or null. */
  SeenBlocks.@Nullable Place find(long high, long low) throws IOException {
    if (table == null) {
      return null;
    }
    ByteBuffer look = ByteBuffer.allocate(LOOK_ENTRIES * ENTRY_BYTES);
    long place = seek(high, low, look);
    assert place < places : "it is in the table";
    int at = look.position();
    int sealedLength = look.getInt(at + LENGTH_AT);
    return sealedLength == 0 ? null : new SeenBlocks.Place(look.getInt(at + PACK_AT), look.getInt(at + PACK_AT + 4),
        look.getInt(at + PACK_AT + 8), sealedLength);
  }

  /** Where the id is, or the free place where it would be; the position of {@code look} is that of the entry there. */
  private long seek(long high, long low, ByteBuffer look) throws IOException {
    // Ids are keyed hashes: any bits of them are as good as random.
    long place = low & (places - 1);
    while (true) {
      int entries = (int) Math.min(LOOK_ENTRIES, places - place);
      readAll(look.clear().limit(entries * ENTRY_BYTES), place * ENTRY_BYTES);
      for (int i = 0; i < entries; i++) {
        int at = i * ENTRY_BYTES;
        if (look.getInt(at + LENGTH_AT) == 0 || (look.getLong(at) == high && look.getLong(at + Long.BYTES) == low)) {
          look.position(at);
          return place + i;
        }
      }
      place = (place + entries) & (places - 1);
    }
  }

  private void readAll(ByteBuffer into, long at) throws IOException {
    long from = at - into.position();
    while (into.hasRemaining()) {
      if (channel().read(into, from + into.position()) < 0) {
        throw new IOException(file + " was cut short");
      }
    }
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
    while (bytes.hasRemaining()) {
      int written = channel.write(bytes, at + bytes.position());
      assert written > 0 : "files take what they are given, or fail";
    }
  }

  @Override
  public void close() throws IOException {
    if (table != null) {
      table.close();
    }
    Files.deleteIfExists(file);
  }
}
