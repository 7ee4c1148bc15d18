package dev.moorage.filesystem;

import dev.moorage.volume.ByteSize;
import dev.moorage.volume.FilesystemType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A filesystem that lives inside a volume. Made with 4096-byte sectors, because an image that was once reflinked is only
 * ever attached with them; its root is empty (no lost+found), because Docker copies an image's files only into an empty
 * root and databases refuse one that is not.
 */
public sealed interface Filesystem permits Ext4, Xfs {

  /** A check reads all metadata; grows with the volume. */
  Duration CHECK_DEADLINE = Duration.ofHours(1);

  static Filesystem of(FilesystemType type) {
    return switch (type) {
      case EXT4 -> new Ext4();
      case XFS -> new Xfs();
    };
  }

  /** Which of them an image holds; empty when none, as with raw data or a volume that was never formatted. */
  static Optional<FilesystemType> identify(Path imageOrDevice) throws IOException {
    return Superblock.of(imageOrDevice).type();
  }

  FilesystemType type();

  /** The smallest volume on which this filesystem is made. */
  ByteSize minimum();

  /**
   * Formats an image file or idle device of any content. Neither atomic nor durable: a failure leaves something that must be
   * formatted anew, and the caller flushes. A sparse image stays sparse; a preallocated one keeps its blocks.
   */
  void make(Path imageOrDevice) throws IOException;

  /** {@link #mountOptions(boolean, boolean)} of a volume that is not preallocated. */
  default String mountOptions(boolean readOnly) {
    return mountOptions(readOnly, false);
  }

  /**
   * Options for mount(2), such as {@code nouuid} so that a clone mounts beside its origin. A volume that may be written gives
   * deleted blocks back to its pool at once ({@code discard}), unless it is {@code preallocated} and keeps them. A read-only
   * mount replays the journal too: without {@code noload} or {@code norecovery}, which would show a state that never was, it
   * needs a device that can be written, unless the filesystem was unmounted.
   */
  String mountOptions(boolean readOnly, boolean preallocated);

  /**
   * Grows a mounted filesystem to its device, which has been told of its new size; nothing to do is success. Ext4 needs
   * {@code CAP_SYS_RESOURCE} for it.
   */
  void grow(Path device, Path mountPoint) throws IOException;

  /**
   * Grows a filesystem that is mounted nowhere to the size of its image, replaying its journal first.
   *
   * @return whether it was done; {@code false} from a filesystem that grows only while mounted
   */
  boolean growUnmounted(Path imageOrDevice) throws IOException;

  /**
   * Checks an unmounted image without changing it.
   *
   * @throws UnsoundFilesystem with the checker's words when it is not sound; also when it was not unmounted, as a clone of a
   *     volume in use: then nobody can tell before the journal was replayed by a mount
   */
  void check(Path imageOrDevice) throws IOException;
}
