package dev.moorage.objectstore.file;

import dev.moorage.linux.FileTrouble;
import dev.moorage.objectstore.ObjectStoreException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NotDirectoryException;

/** Says of an {@link IOException} of the filesystem which kind of {@link ObjectStoreException} it is. */
final class FileErrors {

  private FileErrors() {}

  static ObjectStoreException translate(String action, IOException cause) {
    String reason = FileTrouble.text(cause);
    return switch (cause) {
      case ObjectStoreException known -> known;
      case ClosedByInterruptException _ -> new ObjectStoreException.Interrupted(action, cause);
      case AccessDeniedException _ -> new ObjectStoreException.Denied(action, reason, "Run as the owner of the directory", cause);
      case NotDirectoryException _ -> below(action, reason, cause);
      case EOFException _ -> new ObjectStoreException.Corrupt(action, reason, "The file was cut off by something else", cause);
      case FileSystemException trouble -> byReason(action, reason, trouble);
      default -> byReason(action, reason, cause);
    };
  }

  private static ObjectStoreException byReason(String action, String reason, IOException cause) {
    if (reason.contains("No space left on device") || reason.contains("Disk quota exceeded")) {
      return new ObjectStoreException.NoSpace(action, "the filesystem is full (" + reason + ")", "Free space or enlarge it", cause);
    }
    if (reason.contains("Read-only file system") || reason.contains("Operation not permitted")) {
      return new ObjectStoreException.Denied(action, reason, "Mount it writable, or use it for reading only", cause);
    }
    if (reason.contains("Not a directory") || reason.contains("Is a directory") || reason.contains("File name too long")) {
      return below(action, reason, cause);
    }
    return new ObjectStoreException.Unavailable(action, reason, "Look whether the filesystem is mounted and healthy", cause);
  }

  private static ObjectStoreException below(String action, String reason, IOException cause) {
    return new ObjectStoreException.Invalid(action, "no object may lie below another one (" + reason + ")", "", cause);
  }
}
