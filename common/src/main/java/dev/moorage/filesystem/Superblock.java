package dev.moorage.filesystem;

import dev.moorage.volume.FilesystemType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/** The first 4096 bytes of an image, in which both filesystems say who they are. */
record Superblock(ByteBuffer bytes) {

  private static final int LENGTH = 4096;

  private static final int XFS_MAGIC = 0x42534658;
  private static final int EXT4 = 1024;
  private static final int EXT4_MAGIC_AT = EXT4 + 0x38;
  private static final short EXT4_MAGIC = (short) 0xEF53;
  private static final int EXT4_INCOMPATIBLE_AT = EXT4 + 0x60;
  private static final int EXT4_NEEDS_RECOVERY = 0x4;

  static Superblock of(Path imageOrDevice) throws IOException {
    try (FileChannel channel = FileChannel.open(imageOrDevice)) {
      ByteBuffer bytes = ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN);
      int count = 0;
      while (bytes.hasRemaining() && count >= 0) {
        count = channel.read(bytes, bytes.position());
      }
      return new Superblock(bytes);
    }
  }

  /** Empty when the image holds neither, such as raw data. */
  Optional<FilesystemType> type() {
    if (bytes.getInt(0) == XFS_MAGIC) {
      return Optional.of(FilesystemType.XFS);
    }
    return bytes.getShort(EXT4_MAGIC_AT) == EXT4_MAGIC ? Optional.of(FilesystemType.EXT4) : Optional.empty();
  }

  /** Whether an ext4 was not unmounted: its journal has changes that are not yet in place. */
  boolean ext4NeedsRecovery() {
    return (bytes.getInt(EXT4_INCOMPATIBLE_AT) & EXT4_NEEDS_RECOVERY) != 0;
  }
}
