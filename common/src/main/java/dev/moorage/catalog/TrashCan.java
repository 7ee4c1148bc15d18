package dev.moorage.catalog;

import dev.moorage.backend.Home;
import dev.moorage.failpoint.Failpoint;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeId;
import dev.moorage.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The way into the trash, back, and out of the pool. The record decides and the rename follows, both ways: the next open moves what
 * is marked as deleted into the trash and what is not out of it. A purge begins with a rename to {@code tmp/}, so nothing whose data
 * is half gone can be restored.
 */
final class TrashCan {

  private final Parts parts;

  TrashCan(Parts parts) {
    this.parts = parts;
  }

  void trash(VolumeId id) throws VolumeException {
    Volume volume = parts.living("delete volume " + id, id);
    String action = "delete volume " + volume.name();
    Home home = parts.homeOf(volume);
    parts.homes().makeIdle(action, home, parts.backendOf(volume));
    Volume trashed = volume.withDeletedAt(Optional.of(parts.now()));
    Path target = parts.layout().trash(id.value());
    pass(action, Way.IN,
        new Passage(home, target, at -> VolumeRecord.write(at, trashed), at -> VolumeRecord.write(at, volume)));
    parts.index().addTrashed(trashed);
  }

  void trash(SnapshotId id) throws VolumeException {
    Snapshot snapshot = parts.living("delete snapshot " + id, id);
    String action = "delete snapshot " + snapshot.label();
    if (parts.index().views().contains(id)) {
      throw new VolumeException.InUse(action, "it is mounted", "Run 'moorage snapshot unmount " + snapshot.label() + "' first");
    }
    Snapshot trashed = snapshot.withDeletedAt(Optional.of(parts.now()));
    Path target = parts.layout().trash(id.value());
    pass(action, Way.IN, new Passage(parts.homeOf(snapshot), target,
        at -> SnapshotRecord.write(at, trashed), at -> SnapshotRecord.write(at, snapshot)));
    parts.index().addTrashed(trashed);
  }

  Volume restoreVolume(VolumeId id, VolumeName as) throws VolumeException {
    String action = "restore volume " + as;
    Volume trashed = parts.index().trashedVolume(id).orElseThrow(() -> notInTrash(action, id));
    Volume restored = trashed.withName(as).withDeletedAt(Optional.empty());
    Index.Label label = Index.Label.of(restored);
    parts.index().reserve(action, label, id);
    boolean back = false;
    try {
      pass(action, Way.OUT, new Passage(parts.homeOf(trashed), parts.layout().volume(id),
          at -> VolumeRecord.write(at, restored), at -> VolumeRecord.write(at, trashed)));
      parts.index().add(restored);
      back = true;
      return restored;
    } finally {
      if (!back) {
        parts.index().release(label, id);
      }
    }
  }

  Snapshot restoreSnapshot(SnapshotId id) throws VolumeException {
    Snapshot trashed = parts.index().trashedSnapshot(id).orElseThrow(() -> notInTrash("restore snapshot " + id, id));
    String action = "restore snapshot " + trashed.label();
    if (parts.index().snapshotsOf(trashed.volume()).stream().anyMatch(each -> each.name().equals(trashed.name()))) {
      throw new VolumeException.AlreadyExists(action, "the volume has a snapshot of that name again", "Delete that one first");
    }
    Snapshot restored = trashed.withDeletedAt(Optional.empty());
    pass(action, Way.OUT, new Passage(parts.homeOf(trashed), parts.layout().snapshot(id),
        at -> SnapshotRecord.write(at, restored), at -> SnapshotRecord.write(at, trashed)));
    parts.index().add(restored);
    return restored;
  }

  void purge(VolumeId id) throws VolumeException {
    Optional<Volume> found = parts.index().trashedVolume(id);
    if (found.isPresent()) {
      String action = "purge volume " + found.get().name();
      Home home = parts.homeOf(found.get());
      parts.homes().makeIdle(action, home, parts.backendOf(found.get()));
      Home going = toTmp(action, home);
      parts.index().forgetTrashed(id);
      parts.homes().discard(going);
      parts.admission().release(parts.admission().charge(found.get()));
    }
  }

  void purge(SnapshotId id) throws VolumeException {
    Optional<Snapshot> found = parts.index().trashedSnapshot(id);
    if (found.isPresent()) {
      Home going = toTmp("purge snapshot " + found.get().label(), parts.homeOf(found.get()));
      parts.index().forgetTrashed(id);
      parts.homes().discard(going);
      parts.admission().release(parts.admission().charge(found.get()));
    }
  }

  private Home toTmp(String action, Home home) throws VolumeException {
    try {
      Home going = parts.homes().move(home, parts.layout().tmp(home.id()));
      Failpoint.PURGE_BEGUN.reach();
      return going;
    } catch (IOException e) {
      throw DiskFailure.during(action, e);
    }
  }

  private enum Way {
    IN(Failpoint.TRASH_RECORD_MARKED, Failpoint.TRASH_MOVED),
    OUT(Failpoint.RESTORE_RECORD_CLEARED, Failpoint.RESTORE_MOVED);

    private final Failpoint recorded;
    private final Failpoint moved;

    Way(Failpoint recorded, Failpoint moved) {
      this.recorded = recorded;
      this.moved = moved;
    }
  }

  /** Writes one record into the home at a directory. */
  private interface RecordWriter {
    void writeTo(Path directory) throws IOException;
  }

  /** A home on its way between two places, with the record that it takes along and the one that it had. */
  private record Passage(Home home, Path target, RecordWriter changed, RecordWriter former) {}

  /** Writes the new record, then moves the home; puts the old record back when the home cannot be moved. */
  private void pass(String action, Way way, Passage passage) throws VolumeException {
    try {
      passage.changed().writeTo(passage.home().directory());
      way.recorded.reach();
      move(passage);
      way.moved.reach();
    } catch (IOException e) {
      throw DiskFailure.during(action, e);
    }
  }

  private void move(Passage passage) throws IOException {
    try {
      parts.homes().move(passage.home(), passage.target());
    } catch (IOException e) {
      try {
        passage.former().writeTo(passage.home().directory());
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  private VolumeException.NotFound notInTrash(String action, Object id) {
    return new VolumeException.NotFound(action, id + " is not in the trash of pool " + parts.pool().name(),
        "'moorage pool trash' lists what can be restored");
  }
}
