package dev.moorage.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** The flags of chattr(1) that Moorage sets (FS_IOC_SETFLAGS, ioctl_iflags(2)). Safe for use by several threads. */
public final class FileFlags {

  private static final long FS_IOC_GETFLAGS = 0x80086601L;
  private static final long FS_IOC_SETFLAGS = 0x40086602L;
  private static final int FS_NOCOW_FL = 0x00800000;

  private FileFlags() {}

  /**
   * Makes Btrfs overwrite the blocks of this file in place, neither compressed nor with checksums ({@code chattr +C}): only then
   * do claimed blocks stay claimed. The file must be empty.
   */
  public static void forbidCopyOnWrite(Path emptyFile) throws IOException {
    try (Arena arena = Arena.ofConfined();
        OpenFile file = OpenFile.open(emptyFile, OpenFile.READ_WRITE)) {
      // The request's number says long, the kernel reads and writes an int.
      MemorySegment flags = arena.allocate(Long.BYTES, Long.BYTES);
      file.ioctl("FS_IOC_GETFLAGS", FS_IOC_GETFLAGS, flags);
      flags.set(JAVA_INT, 0, flags.get(JAVA_INT, 0) | FS_NOCOW_FL);
      file.ioctl("FS_IOC_SETFLAGS", FS_IOC_SETFLAGS, flags);
    }
  }
}
