package dev.moorage.storage;

import dev.moorage.storage.OpenPool.Located;
import dev.moorage.storage.OpenPool.LocatedSnapshot;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.AlreadyExists;
import dev.moorage.volume.VolumeException.NotFound;
import dev.moorage.volume.VolumeName;
import java.util.List;
import java.util.Optional;

/** Brings deleted things back. When there is nothing in the trash but the thing lives, an earlier undo did it: success. */
record Undo(Core core, Caller caller) {

  private static final String EMPTIED = "moorage pool trash shows what can still be undone";

  Volume volume(VolumeRef ref, Optional<VolumeName> as) throws VolumeException {
    Operation asked = Operation.of("undo", "volume " + ref);
    Lookup lookup = core.lookup(caller, asked.action());
    Located located;
    try {
      Optional<Located> trashed = lookup.trashedVolume(ref);
      if (trashed.isEmpty()) {
        return lookup.volume(as.isEmpty() ? ref : new VolumeRef.Plain(as.get())).map(Located::volume)
            .orElseThrow(() -> new NotFound(asked.action(), "no deleted volume " + ref + " is in the trash", EMPTIED));
      }
      located = trashed.get();
    } catch (VolumeException e) {
      throw core.work().refused(caller, asked, e);
    }
    VolumeName name = as.orElse(located.volume().name());
    Operation operation = Operation.on(located.volume().id(), "undo", Core.subject(located.volume()));
    List<LockKey> keys = List.of(LockKey.of(located.volume().owner(), name), LockKey.of(located.volume().id()));
    return core.work().run(caller, operation, keys, () -> restore(operation.action(), located, name));
  }

  private Volume restore(String action, Located located, VolumeName name) throws VolumeException {
    Optional<Located> taken = core.pools().volume(located.volume().owner(), name);
    if (taken.isPresent() && taken.get().volume().id().equals(located.volume().id())) {
      return taken.get().volume();
    }
    if (taken.isPresent()) {
      throw new AlreadyExists(action, "there is a new volume " + name, "Bring it back under another name: moorage volume undo "
          + located.volume().name() + " --as NAME");
    }
    Volume restored = located.pool().catalog().restoreVolume(located.volume().id(), name);
    if (restored.awaitsRestore()) {
      new Restores(core).ensure(action, located.pool(), restored);
    }
    return restored;
  }

  Snapshot snapshot(SnapshotRef ref) throws VolumeException {
    Operation asked = Operation.of("undo", "snapshot " + ref);
    Lookup lookup = core.lookup(caller, asked.action());
    LocatedSnapshot located;
    try {
      Optional<LocatedSnapshot> trashed = lookup.trashedSnapshot(ref);
      if (trashed.isEmpty()) {
        return lookup.snapshot(ref).map(LocatedSnapshot::snapshot)
            .orElseThrow(() -> new NotFound(asked.action(), "no deleted snapshot " + ref + " is in the trash", EMPTIED));
      }
      located = trashed.get();
    } catch (VolumeException e) {
      throw core.work().refused(caller, asked, e);
    }
    Operation operation = Operation.on(located.snapshot().volume(), "undo", Core.subject(located.snapshot()));
    return core.work().run(caller, operation,
        List.of(LockKey.of(located.snapshot().id()), LockKey.of(located.snapshot().volume())), () -> {
          Optional<Snapshot> living = located.pool().catalog().snapshot(located.snapshot().id());
          return living.isPresent() ? living.get() : located.pool().catalog().restoreSnapshot(located.snapshot().id());
        });
  }
}
