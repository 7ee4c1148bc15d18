package dev.moorage.backend;

import dev.moorage.pool.PoolCapacity;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeSpec;
import java.nio.file.Path;
import java.util.List;

/**
 * Keeps the bytes of volumes and snapshots of one pool. Not a catalog (it knows ids, not names, and writes no records), not a
 * mount point (it attaches, {@code Storage} mounts), not a scheduler.
 *
 * <p><b>Vocabulary.</b> A <em>home</em> is the directory of one volume or snapshot; its <em>data</em> is what the backend keeps for
 * it, in that directory or under its id elsewhere. <em>Attached</em> means within reach of consumers of this host.
 *
 * <p><b>Life cycle.</b> The caller makes the directory, {@code create} fills it, {@code attach} and {@code detach} alternate,
 * {@code delete} empties it, the caller removes the directory. A home may be moved by renaming its directory while it is not
 * attached. A snapshot's data never changes and is never attached for writing; it does not depend on its volume: either may be
 * deleted first.
 *
 * <p><b>Durability.</b> When a method returns, its effect survives a power cut, provided that the caller then makes the home's
 * directory entry durable. Bytes written through an attachment are as durable as the writer's own fsync asks.
 *
 * <p><b>Idempotency.</b> {@code create} on a home that holds data starts again from nothing; {@code attach} of an attached home gives
 * the same device; {@code detach} of a detached one, {@code delete} of an absent one and {@code grow} to the present size do nothing.
 *
 * <p><b>Concurrency.</b> Safe for use by several threads on different homes. Two calls on one home are serialised by the caller (the
 * volume's lock), except {@code inspect}, which may come at any time. Across processes the pool's lock keeps others out.
 *
 * <p><b>Failure.</b> A method that throws, or a process that dies inside it, leaves: after {@code create} and {@code cut}, a home (new
 * snapshots' homes) that must be deleted; after {@code delete}, one that must be deleted again; after all others, the old or the new
 * state, whole. Nothing else in the pool is ever affected.
 *
 * <p>A method for which the {@link BackendProfile} declares no feature throws {@link VolumeException.Unsupported}; callers ask first.
 */
public interface VolumeBackend {

  BackendProfile profile();

  /**
   * Makes the data of a new home. A filesystem inside it is empty to the last entry: no lost+found. A clone that is larger than
   * its source holds the old filesystem, to be grown when next mounted.
   *
   * @throws VolumeException.OutOfRange for a size that the filesystem or the source forbids
   * @throws VolumeException.NoSpace when the pool has no room for it
   */
  void create(Home home, VolumeSpec spec, Origin origin) throws VolumeException;

  /**
   * Brings the data within reach: one device per home for the whole host, in whatever mount namespace it was attached before.
   * For filesystem access the device goes by itself when its last user does; for block access only {@code detach} lets it go.
   */
  Attachment attach(Home home, VolumeSpec spec) throws VolumeException;

  /** Lets go of the device as soon as nobody has it open. Never forces anybody off. */
  void detach(Home home) throws VolumeException;

  /**
   * Makes the data as large as {@code spec.size}, attached or not, and claims the new bytes when the spec says preallocated; the
   * filesystem inside is grown by who mounts it. Smaller is OutOfRange.
   */
  void grow(Home home, VolumeSpec spec) throws VolumeException;

  /** Removes the data; InUse when somebody still uses the device. */
  void delete(Home home) throws VolumeException;

  /**
   * Cuts all members at one point in time. One member: flush, then an atomic clone; writers stall for the clone only. Several: they
   * are frozen together for the clones, in one order, and thawed whatever happens; a member that is attached but not mounted
   * cannot be frozen and is Unsupported. A frozen filesystem that a dead process left behind is thawed at start.
   *
   * @throws VolumeException.InvalidArgument when a member is not mounted where it says
   */
  void cut(List<Cut> members) throws VolumeException;

  /**
   * Makes the data of {@code replacement} the data of {@code home}, atomically; what {@code home} had is gone and {@code replacement} is
   * empty afterwards. InUse when either is attached. (Rollback and compaction are a create followed by this.)
   */
  void replace(Home home, Home replacement) throws VolumeException;

  /** The raw bytes of a snapshot (for reading) or of a restore target (for writing): a file or device of exactly its size. */
  Path raw(Home home) throws VolumeException;

  /** What the kernel says now; NotFound when the home holds no data. O(1) but for the count of extents. */
  DataState inspect(Home home) throws VolumeException;

  PoolCapacity capacity() throws VolumeException;

  /** Every home of the pool that holds data of this backend, wherever it stands (tmp and trash too): to find leaks at start. */
  List<Home> list() throws VolumeException;
}
