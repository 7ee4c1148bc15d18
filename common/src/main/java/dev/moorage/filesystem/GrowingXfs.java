package dev.moorage.filesystem;

import dev.moorage.process.Command;
import dev.moorage.volume.ByteSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * An XFS that begins small and may grow a hundredfold, as a pool file does. XFS keeps the size of its allocation groups for ever
 * and grows by adding more of them, so the first one gets most of the first size; made the usual way, in four equal groups, a
 * grown filesystem would consist of thousands.
 */
public final class GrowingXfs {

  /** What mkfs.xfs accepts, with room for the log in the first group. */
  public static final ByteSize MINIMUM = ByteSize.ofMebibytes(320);

  private static final int BLOCK_BYTES = 4096;
  private static final long LOG_BYTES = 64L << 20;
  /** From this size on it is worth a log that takes more changes at once. */
  private static final ByteSize LARGE = ByteSize.ofGibibytes(4);

  // struct xfs_dsb (Linux, fs/xfs/libxfs/xfs_format.h): big endian.
  private static final int MAGIC = 0x58465342;
  private static final int UUID_AT = 32;
  private static final int LOG_BLOCKS_AT = 96;

  private GrowingXfs() {}

  /** Formats a preallocated image and keeps its blocks. Neither atomic nor durable: a failure leaves something to be made anew. */
  public static void make(Path image, UUID uuid) throws IOException {
    long bytes = Files.size(image);
    // Two groups at least, and neither larger than the filesystem: three quarters, then the rest.
    long groupBytes = bytes / 4 * 3 / BLOCK_BYTES * BLOCK_BYTES;
    long logBytes = bytes < LARGE.bytes() ? LOG_BYTES : 2 * LOG_BYTES;
    List<String> argv = new ArrayList<>(List.of("mkfs.xfs", "-q", "-f", "-K", "-b", "size=" + BLOCK_BYTES, "-s", "size=4096"));
    argv.addAll(XfsVersion.parse(Command.of("mkfs.xfs", "-V").run()).formatOptions());
    argv.addAll(List.of("-m", "uuid=" + uuid, "-d", "agsize=" + groupBytes, "-l", "agnum=0,size=" + logBytes));
    argv.add(image.toString());
    Command.of(argv.toArray(String[]::new)).run();
  }

  /**
   * The filesystem's UUID, mounted or not.
   *
   * @throws UnsoundFilesystem when the image holds no XFS
   */
  public static UUID uuid(Path image) throws IOException {
    ByteBuffer superblock = superblock(image);
    return new UUID(superblock.getLong(UUID_AT), superblock.getLong(UUID_AT + Long.BYTES));
  }

  /** The bytes that its log takes, which statfs does not count; they never change. */
  public static long logBytes(Path image) throws IOException {
    return superblock(image).getInt(LOG_BLOCKS_AT) * (long) BLOCK_BYTES;
  }

  private static ByteBuffer superblock(Path image) throws IOException {
    ByteBuffer superblock = Superblock.of(image).bytes().duplicate().order(ByteOrder.BIG_ENDIAN);
    if (superblock.getInt(0) != MAGIC) {
      throw UnsoundFilesystem.notXfs(image);
    }
    return superblock;
  }
}
