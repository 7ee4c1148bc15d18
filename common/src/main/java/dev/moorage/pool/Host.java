package dev.moorage.pool;

import dev.moorage.linux.FileOps;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The filesystem that holds an automatic pool file.
 *
 * @param reserve the fraction of its total size that the pool file leaves to others
 */
record Host(Path directory, double reserve) {

  private static final long EXT4 = 0xEF53L;
  private static final long BTRFS = 0x9123683EL;
  private static final long TMPFS = 0x01021994L;
  static final long XFS = 0x58465342L;

  /** What the pool file may still take: what ordinary users could write, less the reserve. */
  long takable() throws IOException {
    FileOps.Space space = FileOps.space(directory);
    return Math.max(0, space.available() - reserved(space));
  }

  private long reserved(FileOps.Space space) {
    return (long) Math.ceil(space.total() * reserve);
  }

  long total() throws IOException {
    return FileOps.space(directory).total();
  }

  boolean isBtrfs() throws IOException {
    return FileOps.filesystemMagic(directory) == BTRFS;
  }

  /**
   * Refuses a filesystem on which claimed blocks are not certain to stay claimed: NFS, overlayfs, ZFS, FUSE and the like.
   *
   * @throws VolumeException.Unsupported with what to use in its place
   */
  void refuseUnfit(String action) throws IOException, VolumeException {
    long magic = FileOps.filesystemMagic(directory);
    if (magic != EXT4 && magic != BTRFS && magic != TMPFS && magic != XFS) {
      throw new VolumeException.Unsupported(action,
          directory + " is on a filesystem (type 0x" + Long.toHexString(magic) + ") that cannot hold a pool file",
          "Name a directory on XFS with reflink, or on ext4 or Btrfs, or give the pool the backend 'directory' alone");
    }
  }

  /** Why the pool file cannot have {@code bytes} more. */
  VolumeException.NoSpace refusal(String action, long bytes) throws IOException {
    FileOps.Space space = FileOps.space(directory);
    return new VolumeException.NoSpace(action,
        "the pool file needs " + ByteSize.ofBytes(bytes) + ", the filesystem of " + directory + " has "
            + ByteSize.ofBytes(space.available()) + " free and " + ByteSize.ofBytes(reserved(space)) + " of it are kept for others",
        "Free space on it, or put the pool on another disk");
  }
}
