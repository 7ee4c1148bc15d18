package dev.moorage.catalog;

import dev.moorage.backend.Home;
import dev.moorage.backend.Origin;
import dev.moorage.backend.VolumeBackend;
import dev.moorage.pool.Pool;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.Owner;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeId;
import dev.moorage.volume.VolumeName;
import java.io.IOException;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What exists in one open pool: the records on its disk and the index of them in memory. The index is rebuilt from the records
 * at {@link #open}; nothing else is believed.
 *
 * <p><b>Living and trashed.</b> A volume or snapshot lives until it is trashed; then it can be restored until it is purged. Queries
 * answer the living ones unless they say otherwise.
 *
 * <p><b>Durability.</b> A change is durable when its method returns, and is finished or undone as a whole by the next open when the
 * process died inside it.
 *
 * <p><b>Concurrency.</b> Queries read memory only and take no lock. Changes of different volumes may run together; two changes of one
 * volume, or of one snapshot, are serialised by the caller (the volume's lock; a snapshot counts to its volume, and a volume or
 * snapshot that is cloned from must not be trashed meanwhile). Names and charges are kept exact whatever runs together.
 *
 * <p><b>Errors.</b> A method that throws has changed nothing, unless it says otherwise.
 */
public final class Catalog {

  private final Parts parts;
  private final VolumeChanges changes;
  private final TrashCan trash;
  private final Cutting cutting;
  private final Views views;
  private final List<Problem> found;

  private Catalog(Parts parts, List<Problem> found) {
    this.parts = parts;
    this.changes = new VolumeChanges(parts);
    this.trash = new TrashCan(parts);
    this.cutting = new Cutting(parts);
    this.views = new Views(parts);
    this.found = List.copyOf(found);
  }

  /**
   * Reads the records of the pool and recovers: everything under {@code tmp/} is deleted, what was marked as deleted goes on into the
   * trash, purges are finished, groups and growths are completed. What cannot be made sense of is left alone and listed by
   * {@link #problems}.
   *
   * @throws VolumeException.Unavailable when the pool's directories cannot be read at all
   */
  public static Catalog open(Pool pool, Function<BackendKind, VolumeBackend> backends, Clock clock) throws VolumeException {
    BackendTable table = new BackendTable(backends, pool.settings().backends());
    Homes homes = new Homes(pool.layout(), table);
    Parts parts = new Parts(pool, clock, table, homes, new Index(), new Admission(pool, table));
    try {
      return new Catalog(parts, new Recovery(parts).run());
    } catch (IOException e) {
      throw DiskFailure.during("open the catalog of pool " + pool.name(), e);
    }
  }

  public Pool pool() {
    return parts.pool();
  }

  /** The pool's backend of that kind, always the same object. */
  public VolumeBackend backend(BackendKind kind) {
    return parts.backends().of(kind);
  }

  public Optional<Volume> volume(VolumeId id) {
    return parts.index().volume(id);
  }

  public Optional<Volume> volume(Owner owner, VolumeName name) {
    return parts.index().volume(new Index.Label(owner, name));
  }

  /** A live view, in no order. */
  public Collection<Volume> volumes() {
    return parts.index().volumes();
  }

  public Optional<Snapshot> snapshot(SnapshotId id) {
    return parts.index().snapshot(id);
  }

  /** A live view, in no order. */
  public Collection<Snapshot> snapshots() {
    return parts.index().snapshots();
  }

  /** Those of one volume, living or not, oldest first. */
  public List<Snapshot> snapshotsOf(VolumeId volume) {
    return parts.index().snapshotsOf(volume);
  }

  /** Those of every volume that had this name at the cut, oldest first; the volumes may be deleted. */
  public List<Snapshot> snapshotsOf(Owner owner, VolumeName name) {
    return parts.index().snapshotsOf(new Index.Label(owner, name));
  }

  /** Those of this name, of any volume that was this owner's at the cut; the volumes may be deleted. A live view, in no order. */
  public Collection<Snapshot> snapshotsNamed(Owner owner, SnapshotName name) {
    return parts.index().snapshotsNamed(new Index.SnapshotLabel(owner, name));
  }

  /** Those that were cut together as this group and still live. A live view, in no order. */
  public Collection<Snapshot> snapshotsOfGroup(UUID group) {
    return parts.index().snapshotsOfGroup(group);
  }

  /** A live view, in no order. */
  public Collection<Volume> trashedVolumes() {
    return parts.index().trashedVolumes();
  }

  /** A live view, in no order. */
  public Collection<Snapshot> trashedSnapshots() {
    return parts.index().trashedSnapshots();
  }

  /** Where it stands now, living or trashed. */
  public Home home(Volume volume) {
    return parts.homeOf(volume);
  }

  /** Where it stands now, living or trashed. */
  public Home home(Snapshot snapshot) {
    return parts.homeOf(snapshot);
  }

  /** What the pool has promised: to volumes with a hard capacity, their snapshots and views, trashed ones too. O(1). */
  public long chargedBytes() {
    return parts.admission().charged();
  }

  /** What was found wrong at open and what is left over since, in no order; see {@link #tidy}. */
  public List<Problem> problems() {
    return Stream.concat(found.stream(), parts.homes().leftovers().stream()).toList();
  }

  /** Tries again to delete what an earlier operation had to leave under {@code tmp/} because somebody still used it. Cheap. */
  public void tidy() {
    parts.homes().tidy();
  }

  /**
   * Makes a volume. The draft says everything but {@code createdAt} and {@code deletedAt}, which are set here.
   *
   * @return the record as it was written
   * @throws VolumeException.AlreadyExists when the owner has a living volume of that name
   * @throws VolumeException.NoSpace when the pool has promised too much already or has too little free
   */
  public Volume create(Volume draft, Origin origin) throws VolumeException {
    return changes.create(draft, origin);
  }

  /**
   * Replaces the record of a living volume; its name may change, its size may not (see {@link #grow}).
   *
   * @throws VolumeException.AlreadyExists when the owner has another volume of the new name
   */
  public Volume update(Volume changed) throws VolumeException {
    return changes.update(changed);
  }

  /**
   * Makes the volume larger: charges, records the new size, then grows the data. {@code filesystemSize} stays for volumes with
   * filesystem access: who mounts the volume grows what is inside and updates it. The present size does nothing.
   *
   * @throws VolumeException.OutOfRange when it would be smaller
   * @throws VolumeException.NoSpace as {@link #create}
   */
  public Volume grow(VolumeId id, ByteSize size) throws VolumeException {
    return changes.grow(id, size);
  }

  /**
   * Records which copies of a snapshot there are elsewhere; nothing else may differ. The snapshot may be trashed; one that is gone for
   * good is left alone.
   */
  public void updateRemotes(SnapshotId id, UnaryOperator<Snapshot> change) throws VolumeException {
    cutting.updateRemotes(id, change);
  }

  /**
   * Moves a volume to the trash; its name is free from then on. Its snapshots live on.
   *
   * @throws VolumeException.InUse when somebody uses its device
   */
  public void trash(VolumeId id) throws VolumeException {
    trash.trash(id);
  }

  /**
   * Moves a snapshot to the trash.
   *
   * @throws VolumeException.InUse while it has a view
   */
  public void trash(SnapshotId id) throws VolumeException {
    trash.trash(id);
  }

  /**
   * Brings a volume back from the trash under this name.
   *
   * @throws VolumeException.NotFound when it is not in the trash
   * @throws VolumeException.AlreadyExists when the owner has a living volume of that name
   */
  public Volume restoreVolume(VolumeId id, VolumeName as) throws VolumeException {
    return trash.restoreVolume(id, as);
  }

  /**
   * Brings a snapshot back from the trash.
   *
   * @throws VolumeException.NotFound when it is not in the trash
   * @throws VolumeException.AlreadyExists when its volume has a living snapshot of that name
   */
  public Snapshot restoreSnapshot(SnapshotId id) throws VolumeException {
    return trash.restoreSnapshot(id);
  }

  /**
   * Deletes a trashed volume for good; one that is not in the trash is success.
   *
   * @throws VolumeException.InUse when somebody uses its device; it stays in the trash
   */
  public void purge(VolumeId id) throws VolumeException {
    trash.purge(id);
  }

  /** Deletes a trashed snapshot for good; one that is not in the trash is success. */
  public void purge(SnapshotId id) throws VolumeException {
    trash.purge(id);
  }

  /**
   * Cuts snapshots of volumes of one backend kind at one point in time: all of them or none. Several become a group.
   *
   * @return them in the order of the drafts
   * @throws VolumeException.NotFound when a volume does not live
   * @throws VolumeException.AlreadyExists when a volume has a snapshot of that name
   * @throws VolumeException.NoSpace as {@link #create}: a snapshot is charged with what its volume has allocated at the cut
   */
  public List<Snapshot> cut(List<SnapshotDraft> members) throws VolumeException {
    return cutting.cut(members);
  }

  /**
   * Gives an idle volume other data (rollback: a clone of a snapshot; compaction: a copy of itself), atomically. The record becomes
   * {@code changed} first, so that {@code filesystemSize} can be lowered to what the new data holds.
   *
   * @throws VolumeException.InUse when somebody uses its device
   */
  public Volume replaceData(Volume changed, Origin origin) throws VolumeException {
    return changes.replaceData(changed, origin);
  }

  /**
   * Makes the writable throw-away clone of a living snapshot that a read-only mount needs; one that is there already is returned.
   * It stays over restarts until {@link #deleteView}.
   */
  public Home createView(Snapshot snapshot) throws VolumeException {
    return views.create(snapshot.id());
  }

  /**
   * Deletes the view; an absent one is success.
   *
   * @throws VolumeException.InUse when somebody uses its device; it stays
   */
  public void deleteView(SnapshotId snapshot) throws VolumeException {
    views.delete(snapshot);
  }

  /** The home of the snapshot's view, when there is one. */
  public Optional<Home> view(SnapshotId snapshot) {
    return parts.index().views().contains(snapshot) ? Optional.of(parts.homes().view(snapshot)) : Optional.empty();
  }

  /** The snapshots that have a view; a live set, in no order. */
  public Collection<SnapshotId> views() {
    return parts.index().views();
  }
}
