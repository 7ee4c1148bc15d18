package dev.moorage.pool;

import dev.moorage.failpoint.Failpoint;
import dev.moorage.filesystem.GrowingXfs;
import dev.moorage.linux.Errno;
import dev.moorage.linux.ErrnoException;
import dev.moorage.linux.FileFlags;
import dev.moorage.linux.FileOps;
import dev.moorage.process.Command;
import dev.moorage.record.Directories;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The automatic pool file: an XFS image that owns every one of its blocks from the start. A sparse one would promise what its
 * host may give to others; its volumes would then lose what was written to them. The filesystem's UUID is the pool's id.
 * (On Btrfs a snapshot of the subvolume that holds the file shares its blocks, and ends this guarantee.)
 *
 * <p>Not for use by several threads.
 */
record PoolFile(Path path, Path unfinished, Host host, PoolFileSettings settings) {

  private static final long MEBIBYTE = 1L << 20;
  /** On a large host the first size is at least this part of it, so that the pool never has more than some hundred groups. */
  private static final long SMALLEST_PART_OF_HOST = 512;
  private static final long STEP_PART = 4;
  /** Less is not worth a growth, and XFS wants a whole allocation group. */
  private static final long STEP_MIN = 16 * MEBIBYTE;

  static PoolFile of(PoolRoot root, PoolFileSettings settings) {
    return new PoolFile(root.file(), root.unfinishedFile(), new Host(root.directory(), settings.hostReserve()), settings);
  }

  boolean exists() {
    return Files.exists(path);
  }

  PoolId id() throws IOException {
    return new PoolId(GrowingXfs.uuid(path));
  }

  long bytes() throws IOException {
    return Files.size(path);
  }

  /**
   * Makes the file; killed at any step, it is begun anew by the next call. Leaves nothing when it throws.
   *
   * @throws VolumeException.NoSpace when the host has too little to begin with
   */
  void make(String action) throws IOException, VolumeException {
    host.refuseUnfit(action);
    if (!Command.isInstalled("mkfs.xfs")) {
      throw new VolumeException.Unsupported(action, "mkfs.xfs is not installed", "Install the package xfsprogs");
    }
    // 1. What a dead process left is of no use: nobody knows how far it came.
    Files.deleteIfExists(unfinished);
    long first = firstBytes(action);
    try {
      // 2. All blocks, before anything is written.
      Files.createFile(unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      if (host.isBtrfs()) {
        FileFlags.forbidCopyOnWrite(unfinished);
      }
      FileOps.allocate(unfinished, 0, first);
      Failpoint.POOL_FILE_ALLOCATED.reach();
      // 3. The filesystem, whose UUID is the id.
      GrowingXfs.make(unfinished, PoolId.random().value());
      Failpoint.POOL_FILE_FORMATTED.reach();
      // 4. The content before the name, then the name.
      FileOps.fsync(unfinished);
      Directories.move(unfinished, path);
      Failpoint.POOL_FILE_NAMED.reach();
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private long firstBytes(String action) throws IOException, VolumeException {
    long wanted = Math.max(settings.initial().bytes(), host.total() / SMALLEST_PART_OF_HOST);
    long bytes = Math.min(wholeMebibytes(Math.max(wanted, GrowingXfs.MINIMUM.bytes())), wholeMebibytes(host.takable()));
    if (bytes < GrowingXfs.MINIMUM.bytes()) {
      throw host.refusal(action, GrowingXfs.MINIMUM.bytes());
    }
    return bytes;
  }

  /**
   * Claims blocks that the file has lost: a copy made of it may be sparse, and fstrim(8) of the mounted pool gives blocks of
   * ours back to the host. Cheap when there are none. The host's reserve does not count here, these bytes are promised.
   *
   * @throws VolumeException.NoSpace when the host has no room for them
   */
  void fillHoles(String action) throws IOException, VolumeException {
    long missing = holes();
    if (missing <= 0) {
      return;
    }
    try {
      FileOps.allocate(path, 0, bytes());
      FileOps.fsync(path);
    } catch (ErrnoException e) {
      if (e.is(Errno.ENOSPC)) {
        throw host.refusal(action, missing);
      }
      throw e;
    }
  }

  /** How many bytes of the file it does not own, zero or less when it is whole. */
  long holes() throws IOException {
    return bytes() - FileOps.allocated(path);
  }

  /** How much to grow when {@code missing} bytes are wanted: a good step, or what there is; 0 when that is not worth it. */
  long step(long missing) throws IOException {
    long good = Math.max(missing, Math.max(settings.step().bytes(), bytes() / STEP_PART));
    long possible = wholeMebibytes(Math.min(Math.ceilDiv(good, MEBIBYTE) * MEBIBYTE, host.takable()));
    return possible < STEP_MIN ? 0 : possible;
  }

  /** Adds blocks at the end, durably. They are the filesystem's only after {@link PoolMount#fillDevice}. */
  void extend(long bytes) throws IOException {
    FileOps.allocate(path, bytes(), Math.ceilDiv(Math.max(bytes, STEP_MIN), MEBIBYTE) * MEBIBYTE);
    FileOps.fsync(path);
    Failpoint.POOL_GROW_ALLOCATED.reach();
  }

  private static long wholeMebibytes(long bytes) {
    return bytes / MEBIBYTE * MEBIBYTE;
  }
}
