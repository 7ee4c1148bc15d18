package dev.moorage.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** FS_IOC_FIEMAP (Documentation/filesystems/fiemap.rst): a request of 32 bytes, then one record of 56 bytes for each extent. */
final class Fiemap {

  private static final long FS_IOC_FIEMAP = 0xC020660BL;
  private static final int FIEMAP_FLAG_SYNC = 1;
  private static final int FIEMAP_EXTENT_LAST = 1;

  private static final long START = 0;
  private static final long LENGTH = 8;
  private static final long FLAGS = 16;
  private static final long MAPPED_EXTENTS = 20;
  private static final long EXTENT_COUNT = 24;
  private static final long HEADER = 32;

  private static final long EXTENT_LOGICAL = 0;
  private static final long EXTENT_PHYSICAL = 8;
  private static final long EXTENT_LENGTH = 16;
  private static final long EXTENT_FLAGS = 40;
  private static final long EXTENT = 56;

  /** Extents asked for at a time: 224 KiB of native memory. */
  private static final int BATCH = 4096;

  private Fiemap() {}

  static long count(OpenFile file) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment request = arena.allocate(HEADER, 8);
      ask(file, request, 0, 0, 0);
      return Integer.toUnsignedLong(request.get(JAVA_INT, MAPPED_EXTENTS));
    }
  }

  static List<FileOps.Extent> list(OpenFile file) throws ErrnoException {
    List<FileOps.Extent> extents = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment request = request(arena);
      long start = 0;
      boolean last = false;
      while (!last) {
        int mapped = fill(file, request, start);
        last = mapped == 0;
        for (int i = 0; i < mapped; i++) {
          FileOps.Extent extent = extent(request, i);
          extents.add(extent);
          start = extent.logical() + extent.length();
          last = isLast(extent);
        }
      }
    }
    return extents;
  }

  /** Room for one batch. */
  static MemorySegment request(Arena arena) {
    return arena.allocate(HEADER + BATCH * EXTENT, 8);
  }

  /** Asks for the batch from that byte on; returns how many extents came. */
  static int fill(OpenFile file, MemorySegment request, long start) throws ErrnoException {
    ask(file, request, start, BATCH, FIEMAP_FLAG_SYNC);
    return request.get(JAVA_INT, MAPPED_EXTENTS);
  }

  /** The extent of that index in a batch. */
  static FileOps.Extent extent(MemorySegment request, int index) {
    return read(request, HEADER + index * EXTENT);
  }

  static boolean isLast(FileOps.Extent extent) {
    return (extent.flags() & FIEMAP_EXTENT_LAST) != 0;
  }

  private static void ask(OpenFile file, MemorySegment request, long start, int count, int flags)
      throws ErrnoException {
    request.set(JAVA_LONG, START, start);
    request.set(JAVA_LONG, LENGTH, Long.MAX_VALUE - start);
    request.set(JAVA_INT, FLAGS, flags);
    request.set(JAVA_INT, MAPPED_EXTENTS, 0);
    request.set(JAVA_INT, EXTENT_COUNT, count);
    file.ioctl("FIEMAP", FS_IOC_FIEMAP, request);
  }

  private static FileOps.Extent read(MemorySegment request, long at) {
    return new FileOps.Extent(
        request.get(JAVA_LONG, at + EXTENT_LOGICAL),
        request.get(JAVA_LONG, at + EXTENT_PHYSICAL),
        request.get(JAVA_LONG, at + EXTENT_LENGTH),
        request.get(JAVA_INT, at + EXTENT_FLAGS));
  }
}
