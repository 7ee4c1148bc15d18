package dev.moorage.filesystem;

import dev.moorage.volume.ByteSize;
import dev.moorage.volume.FilesystemType;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A filesystem that lives inside a volume. Made with 4096-byte sectors, because an image that was once reflinked is only
 * ever attached with them; its root is empty (no lost+found), because Docker copies an image's files only into an empty
 * root and databases refuse one that is not.
 */
public sealed interface Filesystem permits Ext4, Xfs {

  static Filesystem of(FilesystemType type) {
    return switch (type) {
      case EXT4 -> new Ext4();
      case XFS -> new Xfs();
    };
  }

  FilesystemType type();

  /** The smallest volume on which this filesystem is made. */
  ByteSize minimum();

  /** Formats an image file or idle device of any content. Not atomic: a failure leaves something that must be formatted anew. */
  void make(Path imageOrDevice) throws IOException;

  /** Options for mount(2), such as {@code nouuid} so that a clone mounts beside its origin. */
  String mountOptions(boolean readOnly);

  /** Grows a mounted filesystem to its device; nothing to do is success. */
  void grow(Path device, Path mountPoint) throws IOException;

  /** Checks an unmounted image without changing it; throws with the checker's words when it is not sound. */
  void check(Path imageOrDevice) throws IOException;
}
