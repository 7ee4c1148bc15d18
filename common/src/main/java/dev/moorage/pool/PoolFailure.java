package dev.moorage.pool;

import dev.moorage.filesystem.UnsoundFilesystem;
import dev.moorage.linux.Errno;
import dev.moorage.linux.ErrnoException;
import dev.moorage.linux.FileTrouble;
import dev.moorage.record.MalformedRecordException;
import dev.moorage.record.NewerRecordException;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;

/** The one place where a failure of the operating system beneath a pool becomes a kind that callers decide upon. */
final class PoolFailure {

  private PoolFailure() {}

  static VolumeException of(String action, Path root, IOException cause) {
    String reason = FileTrouble.text(cause);
    return switch (cause) {
      case NewerRecordException e -> new VolumeException.Unsupported(action, reason, "Use that Moorage, or a newer one", e);
      case MalformedRecordException e -> new VolumeException.Corrupt(action, reason, "Put a good copy of it back", e);
      case UnsoundFilesystem e -> new VolumeException.Corrupt(action, reason, "Put a good copy of it back", e);
      case AccessDeniedException e -> denied(action, reason, e);
      case ErrnoException e -> of(action, root, reason, e);
      default -> reason.contains("No space left on device") ? full(action, root, cause)
          : new VolumeException.Unavailable(action, reason, "", cause);
    };
  }

  private static VolumeException of(String action, Path root, String reason, ErrnoException cause) {
    return switch (cause.errno()) {
      case Errno.ENOSPC, Errno.EDQUOT -> full(action, root, cause);
      case Errno.EPERM, Errno.EACCES -> denied(action, reason, cause);
      case Errno.EUCLEAN -> new VolumeException.Corrupt(action, reason,
          "Repair it with xfs_repair while no Moorage has it open", cause);
      case Errno.EIO, Errno.EROFS -> new VolumeException.Unavailable(action, reason,
          "See the kernel's log for what happened to the disk", cause);
      default -> new VolumeException.Unavailable(action, reason, "", cause);
    };
  }

  private static VolumeException full(String action, Path root, IOException cause) {
    return new VolumeException.NoSpace(action, "the filesystem of " + root + " is full", "Free space on it", cause);
  }

  private static VolumeException denied(String action, String reason, IOException cause) {
    return new VolumeException.Denied(action, reason, "Run moorage serve as root", cause);
  }
}
