package dev.moorage.storage;

import dev.moorage.pool.PoolSettings;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.VolumeException;
import java.util.List;
import java.util.Optional;

/** The pools of this host. The first one configured is the default. Those made or adopted at run time are remembered. */
public final class PoolSet {

  PoolSet() {}

  public List<PoolStatus> list() {
    throw new AssertionError("BUG: replaced by the storage room");
  }

  /** The pool of that name, or the default one. */
  public PoolStatus status(Optional<PoolName> name) throws VolumeException {
    throw new AssertionError("BUG: replaced by the storage room");
  }

  /** Makes and opens a pool; the same request again is success, a directory that holds a pool already is AlreadyExists. */
  public PoolStatus create(Caller caller, PoolSettings settings) throws VolumeException {
    throw new AssertionError("BUG: replaced by the storage room");
  }

  /** Opens a pool that was made elsewhere, with its volumes and snapshots; AlreadyExists lists volumes whose names clash. */
  public PoolStatus adopt(Caller caller, PoolSettings settings) throws VolumeException {
    throw new AssertionError("BUG: replaced by the storage room");
  }

  /** Grows the automatic pool file by this much. */
  public PoolStatus grow(Caller caller, PoolName name, ByteSize by) throws VolumeException {
    throw new AssertionError("BUG: replaced by the storage room");
  }

  /** What can still be undone, oldest first. */
  public List<Trashed> trash(Optional<PoolName> name) throws VolumeException {
    throw new AssertionError("BUG: replaced by the storage room");
  }

  /** Empties the trash of a pool for good; returns how many things went. */
  public int emptyTrash(Caller caller, Optional<PoolName> name) throws VolumeException {
    throw new AssertionError("BUG: replaced by the storage room");
  }
}
