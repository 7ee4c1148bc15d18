package dev.moorage.testkit.history;

import dev.moorage.linux.FileOps;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the device-mapper target log-writes has recorded: every write of a disk in the order in which the disk made them durable, with
 * marks between them. Applied one after the other to a copy of the disk as it was at first, any number of them gives what a power cut at
 * that moment could have left. The layout is that of Linux, drivers/md/dm-log-writes.c.
 */
public final class WriteLog implements AutoCloseable {

  private static final long MAGIC = 0x6a736677736872L;
  private static final int HEADER_BYTES = 32;
  private static final long DISCARD = 1 << 2;
  private static final long MARK = 1 << 3;

  private final FileChannel log;
  private final List<Entry> entries;

  private WriteLog(FileChannel log, List<Entry> entries) {
    this.log = log;
    this.entries = entries;
  }

  /** One record; offsets and lengths in bytes, {@code from} in the log and {@code to} on the disk; {@code mark} is empty for a write. */
  public record Entry(long from, long to, long length, boolean discards, String mark) {}

  /** Reads a log that nobody writes any more. */
  public static WriteLog open(Path file) throws IOException {
    FileChannel log = FileChannel.open(file);
    boolean opened = false;
    try {
      WriteLog read = new WriteLog(log, read(log));
      opened = true;
      return read;
    } finally {
      if (!opened) {
        log.close();
      }
    }
  }

  public List<Entry> entries() {
    return entries;
  }

  private static List<Entry> read(FileChannel log) throws IOException {
    ByteBuffer head = at(log, 0, HEADER_BYTES);
    if (head.getLong(0) != MAGIC) {
      throw new IOException("this is no log of writes");
    }
    long count = head.getLong(16);
    long sector = head.getInt(24);
    List<Entry> entries = new ArrayList<>();
    long position = sector;
    for (long number = 0; number < count; number++) {
      ByteBuffer entry = at(log, position, HEADER_BYTES);
      long length = entry.getLong(8) * sector;
      boolean discards = (entry.getLong(16) & DISCARD) != 0;
      String mark = (entry.getLong(16) & MARK) == 0 ? "" : text(log, position + HEADER_BYTES, (int) entry.getLong(24));
      entries.add(new Entry(position + sector, entry.getLong(0) * sector, length, discards, mark));
      position += sector + (discards ? 0 : length);
    }
    return entries;
  }

  private static String text(FileChannel log, long position, int length) throws IOException {
    return StandardCharsets.UTF_8.decode(at(log, position, length)).toString().replace("\0", "");
  }

  private static ByteBuffer at(FileChannel log, long position, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (log.read(bytes, position + bytes.position()) < 0) {
        throw new IOException("the log of writes is cut off at " + position);
      }
    }
    return bytes.flip();
  }

  /** Makes one write again; a mark does nothing. */
  public void apply(Entry entry, Path disk, FileChannel open) throws IOException {
    if (entry.discards) {
      FileOps.punchHole(disk, entry.to, entry.length);
      return;
    }
    for (long done = 0; done < entry.length; ) {
      long moved = log.transferTo(entry.from + done, entry.length - done, open.position(entry.to + done));
      if (moved <= 0) {
        throw new IOException("the log of writes is cut off at " + (entry.from + done));
      }
      done += moved;
    }
  }

  @Override
  public void close() throws IOException {
    log.close();
  }
}
