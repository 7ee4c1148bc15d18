package dev.moorage.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What Linux can do to files beyond the JDK. Each call opens what it needs and closes it; safe for use by several threads. */
public final class FileOps {

  private FileOps() {}

  /** One extent of a file (FIEMAP, Documentation/filesystems/fiemap.rst); offsets and lengths in bytes, flags as the kernel's. */
  public record Extent(long logical, long physical, long length, int flags) {}

  /** Space of a filesystem in bytes (statvfs); {@code available} is what a non-root user could still write. */
  public record Space(long total, long free, long available) {}

  /** Makes {@code target} share every block of {@code source} (FICLONE): atomic against writers, O(extents). Creates target. */
  public static void reflink(Path source, Path target) throws IOException {
    throw new AssertionError("BUG: replaced by the linux room");
  }

  /** Whether a file in this directory can be reflinked: tried with two small files. */
  public static boolean supportsReflink(Path directory) throws IOException {
    throw new AssertionError("BUG: replaced by the linux room");
  }

  /** Flushes one file or directory to stable storage. */
  public static void fsync(Path path) throws IOException {
    throw new AssertionError("BUG: replaced by the linux room");
  }

  /** Flushes the filesystem that holds {@code path} (syncfs). */
  public static void syncfs(Path path) throws IOException {
    throw new AssertionError("BUG: replaced by the linux room");
  }

  /** Claims {@code length} bytes from {@code offset}, growing the file (fallocate mode 0); ENOSPC changes nothing. */
  public static void allocate(Path file, long offset, long length) throws IOException {
    throw new AssertionError("BUG: replaced by the linux room");
  }

  /** Gives the range back to the filesystem (FALLOC_FL_PUNCH_HOLE, size kept). */
  public static void punchHole(Path file, long offset, long length) throws IOException {
    throw new AssertionError("BUG: replaced by the linux room");
  }

  /** Bytes that the file owns or shares on disk (st_blocks × 512). */
  public static long allocated(Path file) throws IOException {
    throw new AssertionError("BUG: replaced by the linux room");
  }

  /** The number of extents, without listing them (FIEMAP with fm_extent_count 0). */
  public static long extentCount(Path file) throws IOException {
    throw new AssertionError("BUG: replaced by the linux room");
  }

  /** The extents in logical order, after a flush of the file (FIEMAP_FLAG_SYNC). */
  public static List<Extent> extents(Path file) throws IOException {
    throw new AssertionError("BUG: replaced by the linux room");
  }

  public static Space space(Path path) throws IOException {
    throw new AssertionError("BUG: replaced by the linux room");
  }

  /** The filesystem's magic number (statfs f_type), as in statfs(2). */
  public static long filesystemMagic(Path path) throws IOException {
    throw new AssertionError("BUG: replaced by the linux room");
  }

  /** Sets XFS' copy-on-write extent size hint on a file or directory, inherited by new files (FS_IOC_FSSETXATTR). */
  public static void setCowExtentSize(Path path, int bytes) throws IOException {
    throw new AssertionError("BUG: replaced by the linux room");
  }

  /** Blocks writers of a mounted filesystem until {@link #thaw} (FIFREEZE). Call {@link #syncfs} first: it cannot be cut short. */
  public static void freeze(Path mountPoint) throws IOException {
    throw new AssertionError("BUG: replaced by the linux room");
  }

  /** Ends a freeze, whoever began it (FITHAW); EINVAL when the filesystem is not frozen. */
  public static void thaw(Path mountPoint) throws IOException {
    throw new AssertionError("BUG: replaced by the linux room");
  }

  /** Gives unused blocks of a mounted filesystem back to the device below (FITRIM); returns the bytes trimmed. */
  public static long trim(Path mountPoint) throws IOException {
    throw new AssertionError("BUG: replaced by the linux room");
  }

  /** Makes a block device node, mode 0600 (mknod). */
  public static void makeBlockNode(Path path, LoopDevice device) throws IOException {
    throw new AssertionError("BUG: replaced by the linux room");
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
    throw new AssertionError("BUG: replaced by the linux room");
  }
}
