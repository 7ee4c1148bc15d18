package dev.moorage.storage;

import dev.moorage.volume.ByteSize;
import dev.moorage.volume.Owner;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeName;
import java.util.List;
import java.util.Optional;

/** What can be done with volumes. See {@link Storage} for idempotency, locking and deadlines, which hold for every method. */
public final class Volumes {

  Volumes() {}

  /** Makes a volume, or returns the one that an equal request made before; AlreadyExists names what differs. */
  public Volume create(Caller caller, CreateVolume request) throws VolumeException {
    throw new AssertionError("BUG: replaced by the storage room");
  }

  /** From memory, without any lock: fit for every request. */
  public Optional<Volume> find(Caller caller, VolumeRef ref) throws VolumeException {
    throw new AssertionError("BUG: replaced by the storage room");
  }

  /** From memory, without any lock, by owner and name; all owners when empty. */
  public List<Volume> list(Optional<Owner> owner) {
    throw new AssertionError("BUG: replaced by the storage room");
  }

  /** Memory and a few cheap kernel calls; no lock, no process, nothing that waits for a disk that is busy. */
  public VolumeStatus status(Caller caller, VolumeRef ref) throws VolumeException {
    throw new AssertionError("BUG: replaced by the storage room");
  }

  /** Makes it larger, also while mounted; the size it has already is success, smaller is OutOfRange. */
  public Volume grow(Caller caller, VolumeRef ref, ByteSize size) throws VolumeException {
    throw new AssertionError("BUG: replaced by the storage room");
  }

  /**
   * Moves it to the trash; absent is success. InUse while something really uses it; references of consumers that are gone do
   * not count for Docker, which has proved that no container refers to it (facts: the reference rule, point 5).
   */
  public void remove(Caller caller, VolumeRef ref) throws VolumeException {
    throw new AssertionError("BUG: replaced by the storage room");
  }

  /** Brings the newest deleted volume of that name back, under another name when {@code as} says so. */
  public Volume undo(Caller caller, VolumeRef ref, Optional<VolumeName> as) throws VolumeException {
    throw new AssertionError("BUG: replaced by the storage room");
  }

  /**
   * Sets an idle volume back to a snapshot of its own, in place and at once, after cutting a safety snapshot of what it held.
   *
   * @return the safety snapshot
   */
  public Snapshot rollback(Caller caller, SnapshotRef snapshot) throws VolumeException {
    throw new AssertionError("BUG: replaced by the storage room");
  }

  /** Begins to rewrite an idle volume in as few extents as possible; the job goes on when the caller leaves. */
  public Job compact(Caller caller, VolumeRef ref) throws VolumeException {
    throw new AssertionError("BUG: replaced by the storage room");
  }
}
