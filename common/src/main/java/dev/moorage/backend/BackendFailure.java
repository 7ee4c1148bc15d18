package dev.moorage.backend;

import dev.moorage.linux.Errno;
import dev.moorage.linux.ErrnoException;
import dev.moorage.volume.VolumeException;
import java.io.IOException;

/** The one place where a failure of the operating system becomes a kind that callers of a backend decide upon. */
public final class BackendFailure {

  private static final String FREE_SPACE = "Free space in the pool or make it larger, then try again";
  private static final String KERNEL_LOG = "See the kernel's log for what happened to the pool's disk";

  private BackendFailure() {}

  /** The exception to throw for {@code cause}, which stopped {@code action} (verb and thing, as in {@link VolumeException}). */
  public static VolumeException of(String action, IOException cause) {
    return switch (errno(cause)) {
      case Errno.ENOSPC -> new VolumeException.NoSpace(action, "the pool is full", FREE_SPACE, cause);
      case Errno.EDQUOT -> new VolumeException.NoSpace(action, "a quota of the pool's filesystem is used up", FREE_SPACE, cause);
      case Errno.EFBIG -> new VolumeException.OutOfRange(action, "the pool's filesystem has no files of that size", "Ask for less", cause);
      case Errno.EUCLEAN -> new VolumeException.Corrupt(action, reason(cause), KERNEL_LOG, cause);
      case Errno.EIO, Errno.EROFS -> new VolumeException.Unavailable(action, reason(cause), KERNEL_LOG, cause);
      default -> new VolumeException.Unavailable(action, reason(cause), "", cause);
    };
  }

  /** The JDK's own file calls tell the errno only as text. */
  private static int errno(IOException cause) {
    if (cause instanceof ErrnoException failed) {
      return failed.errno();
    }
    String message = reason(cause);
    if (message.contains("No space left on device")) {
      return Errno.ENOSPC;
    }
    if (message.contains("Disk quota exceeded")) {
      return Errno.EDQUOT;
    }
    return message.contains("File too large") ? Errno.EFBIG : 0;
  }

  private static String reason(IOException cause) {
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
