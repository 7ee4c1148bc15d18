package dev.moorage.storage;

import dev.moorage.storage.OpenPool.Located;
import dev.moorage.storage.OpenPool.LocatedSnapshot;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.NotFound;
import dev.moorage.volume.VolumeException.Unavailable;
import java.time.Clock;

/** What all parts of the façade work with. */
record Core(OpenPools pools, Work work, JobTable jobs, JobRunner runner, TransferRunner transfers, TransferCounts counts,
    RepositorySource repositories, Room room, String host, Clock clock) {

  Lookup lookup(Caller caller, String action) {
    return new Lookup(pools, caller.owner(), action);
  }

  Journal journal() {
    return work.journal();
  }

  /** The volume that a change is asked for; a refusal is audited. */
  Located locate(Caller caller, String verb, VolumeRef ref) throws VolumeException {
    Operation operation = Operation.of(verb, "volume " + ref);
    try {
      return lookup(caller, operation.action()).requiredVolume(ref);
    } catch (VolumeException e) {
      throw work.refused(caller, operation, e);
    }
  }

  /** The snapshot that a change is asked for; a refusal is audited. */
  LocatedSnapshot locate(Caller caller, String verb, SnapshotRef ref) throws VolumeException {
    Operation operation = Operation.of(verb, "snapshot " + ref);
    try {
      return lookup(caller, operation.action()).requiredSnapshot(ref);
    } catch (VolumeException e) {
      throw work.refused(caller, operation, e);
    }
  }

  /** The volume as it is now that its lock is held; it may have gone while we waited. */
  static Volume current(String action, Located located) throws VolumeException {
    return located.pool().catalog().volume(located.volume().id()).orElseThrow(() ->
        new NotFound(action, "volume " + located.volume().name() + " was removed meanwhile", "moorage volume undo brings it back"));
  }

  /** Throws while the volume's data is still on its way from a repository. */
  static void demandWhole(String action, Volume volume) throws VolumeException {
    if (volume.awaitsRestore()) {
      throw new Unavailable(action, "volume " + volume.name() + " is still being restored",
          "Wait for it: moorage volume restore " + volume.owner() + "/" + volume.name() + " --wait");
    }
  }

  /** The snapshot as it is now that its lock is held; it may have gone while we waited. */
  static Snapshot current(String action, LocatedSnapshot located) throws VolumeException {
    return located.pool().catalog().snapshot(located.snapshot().id()).orElseThrow(() ->
        new NotFound(action, "snapshot " + located.snapshot().label() + " was removed meanwhile", "moorage snapshot ls shows what is left"));
  }

  /** What audit lines and messages call a volume. */
  static String subject(Volume volume) {
    return "volume " + volume.owner() + "/" + volume.name();
  }

  /** What audit lines and messages call a snapshot. */
  static String subject(Snapshot snapshot) {
    return "snapshot " + snapshot.owner() + "/" + snapshot.label();
  }
}
