package dev.moorage.catalog;

import dev.moorage.backend.DataState;
import dev.moorage.backend.Home;
import dev.moorage.backend.Origin;
import dev.moorage.backend.VolumeBackend;
import dev.moorage.failpoint.Failpoint;
import dev.moorage.volume.Access;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeId;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;

/** Making volumes and changing living ones. */
final class VolumeChanges {

  private final Parts parts;

  VolumeChanges(Parts parts) {
    this.parts = parts;
  }

  Volume create(Volume draft, Origin origin) throws VolumeException {
    String action = "create volume " + draft.name();
    Volume volume = normalised(draft);
    Index.Label label = Index.Label.of(volume);
    if (parts.index().volume(volume.id()).isPresent() || parts.index().trashedVolume(volume.id()).isPresent()) {
      throw new VolumeException.AlreadyExists(action, "a volume has the id " + volume.id(), "");
    }
    parts.index().reserve(action, label, volume.id());
    boolean whole = false;
    try (Admission.Reservation reservation =
        parts.admission().reserve(action, parts.admission().charge(volume), written(volume, origin))) {
      Volume made = build(action, volume, origin);
      reservation.keep();
      parts.index().add(made);
      whole = true;
      return made;
    } finally {
      if (!whole) {
        parts.index().release(label, volume.id());
      }
    }
  }

  /** For block access nobody but the backend grows anything, so what its data has is what is grown. */
  private static Volume normalised(Volume draft) {
    Volume living = draft.withDeletedAt(Optional.empty());
    return draft.spec().access() == Access.BLOCK ? living.withFilesystemSize(draft.spec().size()) : living;
  }

  private long written(Volume volume, Origin origin) throws VolumeException {
    return switch (origin) {
      case Origin.Empty() -> volume.spec().preallocated() ? volume.spec().size().bytes() : 0;
      case Origin.RestoreTarget() -> volume.spec().preallocated() ? volume.spec().size().bytes() : 0;
      case Origin.CloneOf _ -> 0;
      case Origin.CopyOf copy -> parts.backendOf(volume).inspect(copy.source()).allocated();
    };
  }

  private Volume build(String action, Volume volume, Origin origin) throws VolumeException {
    Home building = null;
    boolean whole = false;
    try {
      // 1. Under tmp/, where the next open deletes it.
      building = parts.homes().begin(action, volume.id().value());
      Failpoint.CREATE_HOME_MADE.reach();
      parts.backendOf(volume).create(building, volume.spec(), origin);
      Failpoint.CREATE_DATA_MADE.reach();
      // 2. The record is durable before the home has its place: whoever finds a volume finds it whole.
      Volume made = volume.withCreatedAt(parts.now());
      VolumeRecord.write(building.directory(), made);
      Failpoint.CREATE_RECORD_WRITTEN.reach();
      // 3. From this rename on the volume exists.
      parts.homes().move(building, parts.layout().volume(volume.id()));
      Failpoint.CREATE_IN_PLACE.reach();
      whole = true;
      return made;
    } catch (IOException e) {
      throw DiskFailure.during(action, e);
    } finally {
      if (!whole && building != null) {
        parts.homes().withdraw(building, parts.layout().volume(volume.id()));
      }
    }
  }

  Volume update(Volume changed) throws VolumeException {
    String action = "change volume " + changed.name();
    Volume old = parts.living(action, changed.id());
    if (!old.spec().size().equals(changed.spec().size()) || changed.deletedAt().isPresent()) {
      throw new IllegalArgumentException("BUG: update changes the size or the life of volume " + old.id());
    }
    if (changed.equals(old)) {
      return old;
    }
    parts.index().reserve(action, Index.Label.of(changed), changed.id());
    try {
      record(action, changed);
    } catch (VolumeException e) {
      if (!Index.Label.of(old).equals(Index.Label.of(changed))) {
        parts.index().release(Index.Label.of(changed), changed.id());
      }
      throw e;
    }
    parts.index().replace(old, changed);
    return changed;
  }

  Volume grow(VolumeId id, ByteSize size) throws VolumeException {
    Volume old = parts.living("grow volume " + id, id);
    String action = "grow volume " + old.name();
    if (size.compareTo(old.spec().size()) < 0) {
      throw new VolumeException.OutOfRange(action, "it has " + old.spec().size() + " already, and volumes do not shrink",
          "Make a smaller volume and copy what it holds");
    }
    if (size.equals(old.spec().size())) {
      return old;
    }
    Volume grown = old.withSize(size);
    long more = parts.admission().charge(grown) - parts.admission().charge(old);
    try (Admission.Reservation reservation =
        parts.admission().reserve(action, more, old.spec().preallocated() ? more : 0)) {
      // The record first: when the process dies here, the next open grows the data to what is recorded and charged.
      record(action, grown);
      Failpoint.GROW_RECORDED.reach();
      growData(action, old, grown);
      Failpoint.GROW_DATA_GROWN.reach();
      reservation.keep();
    }
    Volume finished = finishedGrowth(action, grown);
    parts.index().replace(old, finished);
    return finished;
  }

  /** Grows the data to the recorded size. When that fails the old record is put back, unless the data has grown all the same. */
  private void growData(String action, Volume old, Volume grown) throws VolumeException {
    VolumeBackend backend = parts.backendOf(grown);
    try {
      backend.grow(parts.homeOf(grown), grown.spec());
    } catch (VolumeException e) {
      DataState state = backend.inspect(parts.homeOf(grown));
      if (state.size().compareTo(grown.spec().size()) < 0) {
        record(action, old);
        throw e;
      }
    }
  }

  private Volume finishedGrowth(String action, Volume grown) throws VolumeException {
    if (grown.spec().access() == Access.FILESYSTEM) {
      return grown;
    }
    Volume finished = grown.withFilesystemSize(grown.spec().size());
    record(action, finished);
    return finished;
  }

  /** Finishes a growth that a dead process began; data that has its size already is left as it is. */
  void resumeGrowth(Volume volume) throws VolumeException {
    parts.backendOf(volume).grow(parts.homeOf(volume), volume.spec());
    parts.index().replace(volume, finishedGrowth("grow volume " + volume.name(), volume));
  }

  Volume replaceData(Volume changed, Origin origin) throws VolumeException {
    String action = "replace the data of volume " + changed.name();
    Volume old = parts.living(action, changed.id());
    Home home = parts.homeOf(old);
    VolumeBackend backend = parts.backendOf(old);
    parts.homes().makeIdle(action, home, backend);
    Home building = null;
    try (Admission.Reservation _ = parts.admission().reserve(action, 0, written(changed, origin))) {
      building = parts.homes().begin(action, UUID.randomUUID());
      Failpoint.REPLACE_HOME_MADE.reach();
      backend.create(building, changed.spec(), origin);
      Failpoint.REPLACE_DATA_MADE.reach();
      // The record first: a filesystem size that is too low is mended by the next mount, one too high would never be.
      Volume updated = update(changed);
      Failpoint.REPLACE_RECORD_WRITTEN.reach();
      swap(old, home, building, backend);
      Failpoint.REPLACE_SWAPPED.reach();
      return updated;
    } catch (IOException e) {
      throw DiskFailure.during(action, e);
    } finally {
      if (building != null) {
        parts.homes().discard(building);
      }
    }
  }

  private void swap(Volume old, Home home, Home building, VolumeBackend backend) throws VolumeException {
    boolean swapped = false;
    try {
      backend.replace(home, building);
      swapped = true;
    } finally {
      if (!swapped) {
        update(old);
      }
    }
  }

  private void record(String action, Volume volume) throws VolumeException {
    try {
      VolumeRecord.write(parts.homeOf(volume).directory(), volume);
    } catch (IOException e) {
      throw DiskFailure.during(action, e);
    }
  }
}
