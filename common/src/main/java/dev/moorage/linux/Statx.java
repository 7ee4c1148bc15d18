package dev.moorage.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * What statx(2) says of a file. {@code blocks} are 512 bytes each; {@code mountRoot} is meaningful only when
 * {@code knowsMountRoot} (Linux 5.8).
 */
record Statx(FileIdentity identity, long size, long blocks, long mountId, boolean knowsMountRoot, boolean mountRoot) {

  private static final int AT_FDCWD = -100;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_NO_AUTOMOUNT = 0x800;
  private static final int AT_EMPTY_PATH = 0x1000;
  /** What the kernel has in memory will do: a dead network filesystem must not block the question. */
  private static final int AT_STATX_DONT_SYNC = 0x4000;

  private static final int STATX_BASIC_STATS = 0x7ff;
  private static final int STATX_MNT_ID = 0x1000;
  private static final long STATX_ATTR_MOUNT_ROOT = 0x2000;

  // Offsets within struct statx, the same on every architecture.
  private static final long SIZE_OF_STATX = 256;
  private static final long ATTRIBUTES = 8;
  private static final long INODE = 32;
  private static final long SIZE = 40;
  private static final long BLOCKS = 48;
  private static final long ATTRIBUTES_MASK = 56;
  private static final long DEVICE_MAJOR = 136;
  private static final long DEVICE_MINOR = 140;
  private static final long MOUNT_ID = 144;

  static Statx of(Path path) throws ErrnoException {
    return read(AT_FDCWD, path.toString(), 0, STATX_BASIC_STATS);
  }

  static Statx of(OpenFile file) throws ErrnoException {
    return read(file.descriptor(), "", AT_EMPTY_PATH, STATX_BASIC_STATS);
  }

  /** Asks for the mount alone: never waits for a device or a server, does not follow a symbolic link, triggers no automount. */
  static Statx ofMount(Path path) throws ErrnoException {
    return read(AT_FDCWD, path.toString(), AT_STATX_DONT_SYNC | AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, STATX_MNT_ID);
  }

  private static Statx read(int directory, String path, int flags, int mask) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(SIZE_OF_STATX, 8);
      Libc.statx(directory, path, flags, mask, buffer);
      long known = buffer.get(JAVA_LONG, ATTRIBUTES_MASK) & STATX_ATTR_MOUNT_ROOT;
      return new Statx(
          new FileIdentity(
              new DeviceNumber(buffer.get(JAVA_INT, DEVICE_MAJOR), buffer.get(JAVA_INT, DEVICE_MINOR)),
              buffer.get(JAVA_LONG, INODE)),
          buffer.get(JAVA_LONG, SIZE),
          buffer.get(JAVA_LONG, BLOCKS),
          buffer.get(JAVA_LONG, MOUNT_ID),
          known != 0,
          (buffer.get(JAVA_LONG, ATTRIBUTES) & known) != 0);
    }
  }
}
