package dev.moorage.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * Project quota of ext4 and XFS: a limit on all files of one project id, which new files inherit from their directory. The
 * filesystem must be mounted with {@code prjquota} (ext4 must have been made with the features quota and project too).
 * Project ids are one name space for each filesystem; 0 is everybody's and has no limit. Each call names any path on the
 * filesystem. On ext4 a writer with CAP_SYS_RESOURCE is counted but not held; containers do not have it by default. The owner of a
 * file may take it out of its project, so limits hold against accidents, not against malice.
 * Safe for use by several threads.
 */
public final class ProjectQuota {

  private static final int PRJQUOTA = 2;
  private static final int Q_GETQUOTA = 0x800007;
  private static final int Q_SETQUOTA = 0x800008;
  private static final int Q_XGETQSTAT = 0x5805;
  private static final int COMMAND_SHIFT = 8;

  // struct if_dqblk of linux/quota.h: limits in KiB, space in bytes.
  private static final long SIZE_OF_DQBLK = 72;
  private static final long BLOCK_HARD_LIMIT = 0;
  private static final long BLOCK_SOFT_LIMIT = 8;
  private static final long SPACE = 16;
  private static final long INODES = 40;
  private static final long VALID = 64;
  private static final int QIF_BLIMITS = 1;
  private static final long LIMIT_UNIT_BYTES = 1024;

  // struct fs_quota_stat of linux/dqblk_xfs.h.
  private static final long SIZE_OF_QUOTA_STAT = 80;
  private static final long STAT_FLAGS = 2;
  private static final int FS_QUOTA_PDQ_ENFD = 1 << 5;

  private ProjectQuota() {}

  /** What a project has and may have, in bytes; a {@code limitBytes} of 0 is no limit. */
  public record Usage(long usedBytes, long limitBytes, long inodes) {}

  /** Whether the filesystem that holds the path enforces limits now; {@code false} where it knows no quota at all. */
  public static boolean isEnforced(Path path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(SIZE_OF_QUOTA_STAT, 8);
      call("Q_XGETQSTAT", Q_XGETQSTAT, path, 0, status);
      return (status.get(JAVA_SHORT, STAT_FLAGS) & FS_QUOTA_PDQ_ENFD) != 0;
    } catch (ErrnoException e) {
      return switch (e.errno()) {
        case Errno.ENOSYS, Errno.EINVAL, Errno.ESRCH, Errno.EOPNOTSUPP, Errno.ENOTTY, Errno.ENOTBLK, Errno.ENODEV -> false;
        default -> throw e;
      };
    }
  }

  /** Puts a directory into a project, and all files that will be made in it; those that are there already stay outside. */
  public static void assign(Path directory, int project) throws IOException {
    FileAttributes.change(directory, attributes -> new FileAttributes(
        attributes.flags() | FileAttributes.PROJECT_INHERIT, project, attributes.cowExtentSize()));
  }

  /** The project of a file or directory; 0 when it was put into none. */
  public static int projectOf(Path path) throws IOException {
    return FileAttributes.of(path).projectId();
  }

  /** Sets a project's hard limit, rounded up to KiB; 0 takes it away. */
  public static void limit(Path path, int project, long bytes) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment limits = arena.allocate(SIZE_OF_DQBLK, 8);
      limits.set(JAVA_LONG, BLOCK_HARD_LIMIT, Math.ceilDiv(bytes, LIMIT_UNIT_BYTES));
      limits.set(JAVA_LONG, BLOCK_SOFT_LIMIT, 0);
      limits.set(JAVA_INT, VALID, QIF_BLIMITS);
      call("Q_SETQUOTA", Q_SETQUOTA, path, project, limits);
    }
  }

  /** What the project uses, and its limit. */
  public static Usage usage(Path path, int project) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment answer = arena.allocate(SIZE_OF_DQBLK, 8);
      call("Q_GETQUOTA", Q_GETQUOTA, path, project, answer);
      return new Usage(
          answer.get(JAVA_LONG, SPACE),
          answer.get(JAVA_LONG, BLOCK_HARD_LIMIT) * LIMIT_UNIT_BYTES,
          answer.get(JAVA_LONG, INODES));
    } catch (ErrnoException e) {
      if (e.is(Errno.ENOENT)) {
        // XFS has no record of a project that never had a file or a limit.
        return new Usage(0, 0, 0);
      }
      throw e;
    }
  }

  private static void call(String name, int command, Path path, int project, MemorySegment data) throws IOException {
    int typed = command << COMMAND_SHIFT | PRJQUOTA;
    try (OpenFile file = OpenFile.open(path, OpenFile.READ)) {
      Libc.quotactlFd(name, file.descriptor(), path.toString(), typed, project, data);
    } catch (ErrnoException e) {
      String source = Mounts.holding(path).source();
      // Either the filesystem has no quota, or the kernel is older than 5.14 and wants the device's name instead.
      if (!e.is(Errno.ENOSYS) || !source.startsWith("/dev/")) {
        throw e;
      }
      Libc.quotactl(name, typed, source, project, data);
    }
  }
}
