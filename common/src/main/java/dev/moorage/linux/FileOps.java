package dev.moorage.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What Linux can do to files beyond the JDK. Each call opens what it needs and closes it; safe for use by several threads. */
public final class FileOps {

  private static final long FICLONE = 0x40049409L;
  private static final long FIFREEZE = 0xC0045877L;
  private static final long FS_IOC_GETFSLABEL = 0x81009431L;
  private static final long FS_IOC_SETFSLABEL = 0x41009432L;
  private static final int FSLABEL_BYTES = 256;
  private static final long FITHAW = 0xC0045878L;
  private static final long FITRIM = 0xC0185879L;
  private static final int FALLOC_FL_KEEP_SIZE = 1;
  private static final int FALLOC_FL_PUNCH_HOLE = 2;
  private static final int LOCK_EX = 2;
  private static final int LOCK_NB = 4;
  private static final int S_IFBLK = 0060000;
  private static final long STAT_BLOCK_BYTES = 512;
  private static final long PROBE_BYTES = 4096;

  private FileOps() {}

  /** One extent of a file (FIEMAP, Documentation/filesystems/fiemap.rst); offsets and lengths in bytes, flags as the kernel's. */
  public record Extent(long logical, long physical, long length, int flags) {}

  /** Space of a filesystem in bytes (statvfs); {@code available} is what a non-root user could still write. */
  public record Space(long total, long free, long available) {}

  /** How many files a filesystem can have, and how many more; both are 0 where it has no such limit. */
  public record Inodes(long total, long free) {}

  /**
   * Makes {@code target} share every block of {@code source} (FICLONE): atomic against writers, O(extents).
   * Creates target with mode 0600, and nothing when it fails; nothing is durable before {@link #fsync} of file and directory.
   *
   * @throws ErrnoException with EEXIST when target exists, EXDEV or EOPNOTSUPP where blocks cannot be shared
   */
  public static void reflink(Path source, Path target) throws IOException {
    try (OpenFile from = OpenFile.open(source, OpenFile.READ);
        OpenFile to = OpenFile.open(target, OpenFile.READ_WRITE | OpenFile.CREATE | OpenFile.EXCLUSIVE)) {
      clone(from, to, target);
    }
  }

  private static void clone(OpenFile from, OpenFile to, Path target) throws IOException {
    try {
      to.ioctl("FICLONE", FICLONE, from.descriptor());
    } catch (ErrnoException e) {
      Files.delete(target);
      throw e;
    }
  }

  /** Whether a file in this directory can be reflinked: tried with two small files that never have a name. */
  public static boolean supportsReflink(Path directory) throws IOException {
    try (OpenFile from = OpenFile.open(directory, OpenFile.READ_WRITE | OpenFile.UNNAMED);
        OpenFile to = OpenFile.open(directory, OpenFile.READ_WRITE | OpenFile.UNNAMED)) {
      from.allocate(0, 0, PROBE_BYTES);
      to.ioctl("FICLONE", FICLONE, from.descriptor());
      return true;
    } catch (ErrnoException e) {
      return switch (e.errno()) {
        case Errno.EOPNOTSUPP, Errno.EINVAL, Errno.ENOTTY, Errno.EXDEV, Errno.EISDIR -> false;
        default -> throw e;
      };
    }
  }

  /** Flushes one file or directory to stable storage. */
  public static void fsync(Path path) throws IOException {
    try (OpenFile file = OpenFile.open(path, OpenFile.READ)) {
      file.fsync();
    }
  }

  /** Flushes the filesystem that holds {@code path} (syncfs). */
  public static void syncfs(Path path) throws IOException {
    try (OpenFile file = OpenFile.open(path, OpenFile.READ)) {
      Libc.syncfs(file.descriptor(), path.toString());
    }
  }

  /**
   * Claims {@code length} bytes from {@code offset}, growing the file (fallocate mode 0). ENOSPC leaves size
   * and content alone; holes before the old end that had been filled with zeros by then stay filled.
   */
  public static void allocate(Path file, long offset, long length) throws IOException {
    try (OpenFile open = OpenFile.open(file, OpenFile.READ_WRITE)) {
      long size = Statx.of(open).size();
      try {
        open.allocate(0, offset, length);
      } catch (ErrnoException e) {
        // The kernel claims piece by piece and keeps what it got before the failure, beyond the end of the file.
        open.truncate(size);
        throw e;
      }
    }
  }

  /**
   * Gives the range of a file back to the filesystem, which reads as zeros then; the size stays (FALLOC_FL_PUNCH_HOLE). The
   * same for a block device, unless somebody has it mounted or open exclusively (EBUSY).
   */
  public static void punchHole(Path file, long offset, long length) throws IOException {
    try (OpenFile open = OpenFile.open(file, OpenFile.READ_WRITE)) {
      open.allocate(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, offset, length);
    }
  }

  /** Bytes that the file owns or shares on disk (st_blocks × 512). */
  public static long allocated(Path file) throws IOException {
    return Statx.of(file).blocks() * STAT_BLOCK_BYTES;
  }

  /** The number of extents, without listing them (FIEMAP with fm_extent_count 0). */
  public static long extentCount(Path file) throws IOException {
    try (OpenFile open = OpenFile.open(file, OpenFile.READ)) {
      return Fiemap.count(open);
    }
  }

  /** The extents in logical order, after a flush of the file (FIEMAP_FLAG_SYNC). */
  public static List<Extent> extents(Path file) throws IOException {
    try (OpenFile open = OpenFile.open(file, OpenFile.READ)) {
      return Fiemap.list(open);
    }
  }

  public static Space space(Path path) throws IOException {
    return Statfs.of(path).space();
  }

  /** The inodes of the filesystem that holds the path. */
  public static Inodes inodes(Path path) throws IOException {
    return Statfs.of(path).inodes();
  }

  /** The filesystem's magic number (statfs f_type), as in statfs(2). */
  public static long filesystemMagic(Path path) throws IOException {
    return Statfs.of(path).magic();
  }

  /** Sets XFS' copy-on-write extent size hint on a file or directory, inherited by new files (FS_IOC_FSSETXATTR). */
  public static void setCowExtentSize(Path path, int bytes) throws IOException {
    FileAttributes.change(path, attributes -> new FileAttributes(
        attributes.flags() | FileAttributes.COW_EXTENT_SIZE, attributes.projectId(), bytes));
  }

  /** Blocks writers of a mounted filesystem until {@link #thaw} (FIFREEZE). Call {@link #syncfs} first: it cannot be cut short. */
  public static void freeze(Path mountPoint) throws IOException {
    request(mountPoint, "FIFREEZE", FIFREEZE);
  }

  /** Ends a freeze, whoever began it (FITHAW); EINVAL when the filesystem is not frozen. */
  public static void thaw(Path mountPoint) throws IOException {
    request(mountPoint, "FITHAW", FITHAW);
  }

  /**
   * Makes XFS write its superblock to the disk now, as it does when its label is set; the label is set to what it is
   * (FS_IOC_GETFSLABEL, FS_IOC_SETFSLABEL; xfs_sync_sb_buf in fs/xfs/xfs_ioctl.c).
   */
  public static void writeOutSuperblock(Path mountPoint) throws IOException {
    try (Arena arena = Arena.ofConfined();
        OpenFile open = OpenFile.open(mountPoint, OpenFile.READ)) {
      MemorySegment label = arena.allocate(FSLABEL_BYTES);
      open.ioctl("FS_IOC_GETFSLABEL", FS_IOC_GETFSLABEL, label);
      open.ioctl("FS_IOC_SETFSLABEL", FS_IOC_SETFSLABEL, label);
    }
  }

  private static void request(Path path, String name, long request) throws ErrnoException {
    try (OpenFile open = OpenFile.open(path, OpenFile.READ)) {
      open.ioctl(name, request, 0);
    }
  }

  /** Gives unused blocks of a mounted filesystem back to the device below (FITRIM); returns the bytes trimmed. */
  public static long trim(Path mountPoint) throws IOException {
    try (Arena arena = Arena.ofConfined();
        OpenFile open = OpenFile.open(mountPoint, OpenFile.READ)) {
      // struct fstrim_range: start, length, smallest piece worth the trouble; the kernel writes the bytes trimmed into length.
      MemorySegment range = arena.allocateFrom(JAVA_LONG, 0, Long.MAX_VALUE, 0);
      open.ioctl("FITRIM", FITRIM, range);
      return range.getAtIndex(JAVA_LONG, 1);
    }
  }

  /** Makes a block device node, mode 0600 (mknod). */
  public static void makeBlockNode(Path path, LoopDevice device) throws IOException {
    Libc.mknod(path.toString(), S_IFBLK | 0600, LoopSysfs.number(device).encoded());
  }

  /** An exclusive lock on a file that dies with this process (flock LOCK_EX|LOCK_NB on our own open file description). */
  public interface Lock extends AutoCloseable {
    @Override
    void close() throws IOException;
  }

  /**
   * Takes the lock, creating the file when absent.
   *
   * @throws ErrnoException with EAGAIN when another process holds it
   */
  public static Lock lock(Path file) throws IOException {
    return lock(file, LOCK_EX | LOCK_NB);
  }

  /** Takes the lock, creating the file when absent, and waits for whoever holds it: only for locks that are held for moments. */
  public static Lock waitForLock(Path file) throws IOException {
    return lock(file, LOCK_EX);
  }

  private static Lock lock(Path file, int operation) throws IOException {
    OpenFile open = OpenFile.open(file, OpenFile.READ_WRITE | OpenFile.CREATE);
    try {
      Libc.flock(open.descriptor(), file.toString(), operation);
    } catch (ErrnoException e) {
      open.close();
      throw e;
    }
    return open::close;
  }
}
