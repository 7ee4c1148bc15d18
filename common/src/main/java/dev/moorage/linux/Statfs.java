package dev.moorage.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** What statfs(2) says of the filesystem that holds a path; {@code flags} are the mount's, as ST_NOSUID in statvfs(3). */
record Statfs(long magic, FileOps.Space space, FileOps.Inodes inodes, long flags) {

  // Offsets within struct statfs on 64-bit Linux.
  private static final long SIZE_OF_STATFS = 120;
  private static final long TYPE = 0;
  private static final long BLOCKS = 16;
  private static final long BLOCKS_FREE = 24;
  private static final long BLOCKS_AVAILABLE = 32;
  private static final long FILES = 40;
  private static final long FILES_FREE = 48;
  private static final long FRAGMENT_SIZE = 72;
  private static final long FLAGS = 80;

  static Statfs of(Path path) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(SIZE_OF_STATFS, 8);
      Libc.statfs(path.toString(), buffer);
      long unit = buffer.get(JAVA_LONG, FRAGMENT_SIZE);
      FileOps.Space space = new FileOps.Space(
          buffer.get(JAVA_LONG, BLOCKS) * unit,
          buffer.get(JAVA_LONG, BLOCKS_FREE) * unit,
          buffer.get(JAVA_LONG, BLOCKS_AVAILABLE) * unit);
      FileOps.Inodes inodes = new FileOps.Inodes(buffer.get(JAVA_LONG, FILES), buffer.get(JAVA_LONG, FILES_FREE));
      return new Statfs(buffer.get(JAVA_LONG, TYPE), space, inodes, buffer.get(JAVA_LONG, FLAGS));
    }
  }
}
