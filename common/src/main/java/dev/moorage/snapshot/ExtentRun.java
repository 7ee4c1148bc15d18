package dev.moorage.snapshot;

import dev.moorage.linux.ExtentCursor;
import dev.moorage.linux.FileOps;
import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One image as a sequence of pieces without gaps: what is mapped and what is a hole, up to a given end. Keeps a checksum of the map
 * that it has walked, so that a second walk can tell whether the map was the same. For one thread.
 */
final class ExtentRun implements AutoCloseable {

  private static final int LAST = 0x1;
  private static final int UNWRITTEN = 0x800;
  private static final int MERGED = 0x1000;
  private static final int SHARED = 0x2000;
  /** Flags that say nothing of where the bytes are and whether the address can be believed (linux/fiemap.h). */
  private static final int HARMLESS = LAST | MERGED | SHARED;

  /** How a piece of an image is stored. */
  enum Kind {
    /** Reads as zeros: never mapped, or claimed and never written. */
    ZERO(0),
    /** Stored at an address that can be compared. */
    STORED(1),
    /** Anything that FIEMAP is not sure of, or that is encoded: read it. */
    DOUBTFUL(2);

    private final int code;

    Kind(int code) {
      this.code = code;
    }
  }

  /** The present piece: its kind, where it ends, and its address less its offset. */
  private Kind kind = Kind.ZERO;
  private long start;
  private long end;
  private long distance;

  private final ExtentCursor cursor;
  private final long size;
  /** Of joined extents: where the kernel cuts them depends on what other files share. */
  private final CRC32C checksum = new CRC32C();
  private Kind joinedKind = Kind.ZERO;
  private long joinedStart;
  private long joinedEnd;
  private long joinedDistance;
  private FileOps.@Nullable Extent ahead;

  ExtentRun(Path image, long size) throws IOException {
    this.cursor = ExtentCursor.open(image);
    this.size = size;
    this.ahead = read();
    this.end = 0;
  }

  private FileOps.@Nullable Extent read() throws IOException {
    FileOps.Extent extent = cursor.next();
    if (extent == null) {
      endJoined();
    } else {
      join(extent);
    }
    return extent;
  }

  private void join(FileOps.Extent extent) {
    Kind one = kind(extent.flags());
    long away = extent.physical() - extent.logical();
    if (one != joinedKind || extent.logical() != joinedEnd || away != joinedDistance) {
      endJoined();
      joinedKind = one;
      joinedStart = extent.logical();
      joinedDistance = away;
    }
    joinedEnd = extent.logical() + extent.length();
  }

  private void endJoined() {
    add(joinedStart);
    add(joinedEnd);
    add(joinedDistance);
    add(joinedKind.code);
  }

  private void add(long value) {
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      checksum.update((int) (value >>> shift) & 0xff);
    }
  }

  /** Moves to the piece that begins at {@code offset}, which is in the present piece or its end. */
  void moveTo(long offset) throws IOException {
    if (offset < end) {
      start = offset;
      return;
    }
    while (ahead != null && ahead.logical() + ahead.length() <= offset) {
      ahead = read();
    }
    start = offset;
    if (ahead == null || ahead.logical() >= size) {
      kind = Kind.ZERO;
      end = size;
    } else if (ahead.logical() > offset) {
      kind = Kind.ZERO;
      end = Math.min(size, ahead.logical());
    } else {
      kind = kind(ahead.flags());
      end = Math.min(size, ahead.logical() + ahead.length());
      distance = ahead.physical() - ahead.logical();
    }
  }

  private static Kind kind(int flags) {
    if ((flags & ~(HARMLESS | UNWRITTEN)) != 0) {
      return Kind.DOUBTFUL;
    }
    return (flags & UNWRITTEN) != 0 ? Kind.ZERO : Kind.STORED;
  }

  Kind kind() {
    return kind;
  }

  long start() {
    return start;
  }

  long end() {
    return end;
  }

  /** Whether both present pieces are sure to hold the same bytes. */
  boolean isSameAs(ExtentRun other) {
    return switch (kind) {
      case ZERO -> other.kind == Kind.ZERO;
      case STORED -> other.kind == Kind.STORED && distance == other.distance;
      case DOUBTFUL -> false;
    };
  }

  /** The checksum of the whole map; walks the rest of it. */
  long checksum() throws IOException {
    while (ahead != null) {
      ahead = read();
    }
    return checksum.getValue();
  }

  @Override
  public void close() throws IOException {
    cursor.close();
  }
}
