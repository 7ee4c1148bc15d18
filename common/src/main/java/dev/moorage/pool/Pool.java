package dev.moorage.pool;

import dev.moorage.volume.PoolId;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.VolumeException;

/**
 * One open pool: it holds the pool's exclusive lock from {@link Pools#open} to {@link #close}.
 *
 * <p><b>Opening.</b> Root directory made when absent (mode 0700); lock taken on {@code ROOT/lock} (flock; another process
 * having it is {@code InUse} naming the root). When the image backend is among the pool's and the root is not on XFS with
 * reflink, the automatic pool file {@code ROOT/pool.xfs} is made, attached and mounted on {@code ROOT/mount}, or found mounted
 * already and adopted; the pool's directory is then that mount, otherwise the root itself. {@code pool.json} is written once
 * and gives the id for ever. Crash-safe between any two steps: the next open finishes or begins anew; a directory that holds
 * something else than a pool (any foreign file) is refused with {@code InvalidArgument}, nothing touched.
 *
 * <p><b>Closing.</b> The pool file is unmounted when nothing in it is in use; otherwise it stays mounted for the next open.
 *
 * <p>Safe for use by several threads.
 */
public interface Pool extends AutoCloseable {

  PoolId id();

  PoolName name();

  PoolSettings settings();

  PoolLayout layout();

  /** Whether the pool lives in an automatic pool file that grows by itself. */
  boolean automatic();

  /** The overcommit in force. */
  double overcommit();

  /** Read from the kernel at each call (two statfs calls). */
  PoolCapacity capacity() throws VolumeException;

  /**
   * Grows the automatic pool file while it has less free space than {@code settings.file.headroom} plus {@code wanted} bytes and
   * the host can give; never shrinks. Cheap when there is nothing to do; a no-op for other pools. Called before every create
   * and by a timer.
   *
   * @return whether the headroom is there now
   */
  boolean ensureHeadroom(long wanted) throws VolumeException;

  /** Grows the automatic pool file by at least this many bytes, or says why not (NoSpace, Unsupported for other pools). */
  void grow(long bytes) throws VolumeException;

  @Override
  void close() throws VolumeException;
}
