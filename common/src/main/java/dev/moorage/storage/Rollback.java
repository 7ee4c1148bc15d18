package dev.moorage.storage;

import dev.moorage.backend.Origin;
import dev.moorage.failpoint.Failpoint;
import dev.moorage.storage.OpenPool.Located;
import dev.moorage.storage.OpenPool.LocatedSnapshot;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.NotFound;
import java.util.List;

/** Sets a volume back to one of its snapshots. */
record Rollback(Core core, Caller caller) {

  Snapshot to(SnapshotRef ref) throws VolumeException {
    LocatedSnapshot target = core.locate(caller, "rollback", ref);
    Snapshot snapshot = target.snapshot();
    Operation operation = Operation.on(snapshot.volume(), "rollback",
        "volume " + snapshot.owner() + "/" + snapshot.volumeName() + " to snapshot " + snapshot.label());
    Located located = core.pools().volume(snapshot.volume()).orElseThrow(() -> core.work().refused(caller, operation,
        new NotFound(operation.action(), "its volume " + snapshot.volumeName() + " is deleted",
            "Bring it back (moorage volume undo " + snapshot.volumeName() + "), or make a volume from the snapshot")));
    return core.work().run(caller, operation, List.of(LockKey.of(snapshot.volume()), LockKey.of(snapshot.id())),
        () -> roll(operation.action(), located, target));
  }

  private Snapshot roll(String action, Located located, LocatedSnapshot target) throws VolumeException {
    OpenPool pool = located.pool();
    Volume volume = Core.current(action, located);
    Snapshot snapshot = Core.current(action, target);
    Idle.demand(action, pool, volume);
    SnapshotName name = SnapshotNames.safety(pool.catalog(), volume.id(), core.clock().instant());
    Snapshot safety = new Cuts(core, action).cut(pool, List.of(volume), name).getFirst();
    Failpoint.ROLLBACK_SAFETY_CUT.reach();
    Volume changed = volume.withFilesystemSize(
        pool.stages().isFilesystem(volume) ? snapshot.filesystemSize() : volume.spec().size());
    Origin origin = new Origin.CloneOf(pool.catalog().home(snapshot));
    core.room().with(pool, 0, 0, () -> pool.catalog().replaceData(changed, origin));
    return safety;
  }
}
