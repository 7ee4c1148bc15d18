package dev.moorage.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** The part of struct fsxattr (FS_IOC_FSGETXATTR, 28 bytes) that Moorage reads and changes. */
record FileAttributes(int flags, int projectId, int cowExtentSize) {

  static final int PROJECT_INHERIT = 0x200;
  static final int COW_EXTENT_SIZE = 0x10000;

  private static final long FS_IOC_FSGETXATTR = 0x801C581FL;
  private static final long FS_IOC_FSSETXATTR = 0x401C5820L;

  private static final long SIZE_OF_FSXATTR = 28;
  private static final long FLAGS = 0;
  private static final long PROJECT_ID = 12;
  private static final long COW_EXTENT = 16;

  static FileAttributes of(Path path) throws ErrnoException {
    try (Arena arena = Arena.ofConfined();
        OpenFile file = OpenFile.open(path, OpenFile.READ)) {
      MemorySegment buffer = arena.allocate(SIZE_OF_FSXATTR, 8);
      file.ioctl("FS_IOC_FSGETXATTR", FS_IOC_FSGETXATTR, buffer);
      return read(buffer);
    }
  }

  /** Reads, changes and writes the attributes; the fields that are not ours keep their values. */
  static void change(Path path, UnaryOperator<FileAttributes> change) throws ErrnoException {
    try (Arena arena = Arena.ofConfined();
        OpenFile file = OpenFile.open(path, OpenFile.READ)) {
      MemorySegment buffer = arena.allocate(SIZE_OF_FSXATTR, 8);
      file.ioctl("FS_IOC_FSGETXATTR", FS_IOC_FSGETXATTR, buffer);
      FileAttributes changed = change.apply(read(buffer));
      buffer.set(JAVA_INT, FLAGS, changed.flags);
      buffer.set(JAVA_INT, PROJECT_ID, changed.projectId);
      buffer.set(JAVA_INT, COW_EXTENT, changed.cowExtentSize);
      file.ioctl("FS_IOC_FSSETXATTR", FS_IOC_FSSETXATTR, buffer);
    }
  }

  private static FileAttributes read(MemorySegment buffer) {
    return new FileAttributes(
        buffer.get(JAVA_INT, FLAGS), buffer.get(JAVA_INT, PROJECT_ID), buffer.get(JAVA_INT, COW_EXTENT));
  }
}
