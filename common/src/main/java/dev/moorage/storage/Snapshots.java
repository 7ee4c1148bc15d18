package dev.moorage.storage;

import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.VolumeException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What can be done with local snapshots. See {@link Storage} for what holds for every method. */
public final class Snapshots {

  Snapshots() {}

  /**
   * Cuts a snapshot of a volume, in use or not; a name is made from the time when none is given. The same name on the same
   * volume again returns that snapshot.
   */
  public Snapshot create(Caller caller, VolumeRef volume, Optional<SnapshotName> name) throws VolumeException {
    throw new AssertionError("BUG: replaced by the storage room");
  }

  /** One crash-consistent cut over several volumes of one host, all with the same snapshot name. */
  public List<Snapshot> createGroup(Caller caller, List<VolumeRef> volumes, SnapshotName name) throws VolumeException {
    throw new AssertionError("BUG: replaced by the storage room");
  }

  /** From memory: of one volume (also a deleted one, by its name), or all; oldest first. */
  public List<Snapshot> list(Caller caller, Optional<VolumeRef> volume) throws VolumeException {
    throw new AssertionError("BUG: replaced by the storage room");
  }

  public Optional<Snapshot> find(Caller caller, SnapshotRef ref) throws VolumeException {
    throw new AssertionError("BUG: replaced by the storage room");
  }

  /** Moves it to the trash; absent is success; InUse while it is mounted. Volumes cloned from it do not depend on it. */
  public void remove(Caller caller, SnapshotRef ref) throws VolumeException {
    throw new AssertionError("BUG: replaced by the storage room");
  }

  /** Brings the newest deleted snapshot of that name back. */
  public Snapshot undo(Caller caller, SnapshotRef ref) throws VolumeException {
    throw new AssertionError("BUG: replaced by the storage room");
  }

  /**
   * Mounts it read-only, at the given empty directory or one below the run directory; mounted already is success when the
   * target is the same. Survives a restart of the service.
   */
  public Path mount(Caller caller, SnapshotRef ref, Optional<Path> target) throws VolumeException {
    throw new AssertionError("BUG: replaced by the storage room");
  }

  /** Ends {@link #mount}; not mounted is success; InUse while something has a file of it open. */
  public void unmount(Caller caller, SnapshotRef ref) throws VolumeException {
    throw new AssertionError("BUG: replaced by the storage room");
  }
}
