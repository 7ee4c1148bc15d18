package dev.moorage.catalog;

import dev.moorage.backend.Home;
import dev.moorage.backend.VolumeBackend;
import dev.moorage.pool.Pool;
import dev.moorage.pool.PoolLayout;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeId;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What the operations of one catalog share. */
record Parts(Pool pool, Clock clock, BackendTable backends, Homes homes, Index index, Admission admission) {

  /** Now, as precise as records keep it. */
  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  PoolLayout layout() {
    return homes.layout();
  }

  VolumeBackend backendOf(Volume volume) {
    return backends.of(volume.spec().backend());
  }

  VolumeBackend backendOf(Snapshot snapshot) {
    return backends.of(snapshot.spec().backend());
  }

  Home homeOf(Volume volume) {
    return index.trashedVolume(volume.id()).isPresent()
        ? new Home(volume.id().value(), layout().trash(volume.id().value()))
        : new Home(volume.id().value(), layout().volume(volume.id()));
  }

  Home homeOf(Snapshot snapshot) {
    return index.trashedSnapshot(snapshot.id()).isPresent()
        ? new Home(snapshot.id().value(), layout().trash(snapshot.id().value()))
        : new Home(snapshot.id().value(), layout().snapshot(snapshot.id()));
  }

  Volume living(String action, VolumeId id) throws VolumeException {
    return index.volume(id).orElseThrow(() -> new VolumeException.NotFound(action,
        "pool " + pool.name() + " has no volume " + id, "'moorage volume ls' lists what there is"));
  }

  Snapshot living(String action, SnapshotId id) throws VolumeException {
    return index.snapshot(id).orElseThrow(() -> new VolumeException.NotFound(action,
        "pool " + pool.name() + " has no snapshot " + id, "'moorage snapshot ls' lists what there is"));
  }
}
