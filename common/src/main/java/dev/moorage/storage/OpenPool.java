package dev.moorage.storage;

import dev.moorage.backend.VolumeBackend;
import dev.moorage.catalog.Catalog;
import dev.moorage.catalog.ReferenceTable;
import dev.moorage.pool.Pool;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.Volume;
import java.util.stream.Stream;

/** One pool with all that belongs to it on this host. */
record OpenPool(Pool pool, Catalog catalog, ReferenceTable references, Stages stages, Views views, Bases bases) {

  PoolId id() {
    return pool.id();
  }

  PoolName name() {
    return pool.name();
  }

  VolumeBackend backend(Volume volume) {
    return catalog.backend(volume.spec().backend());
  }

  /** A volume of this pool, with its pool. */
  record Located(OpenPool pool, Volume volume) {}

  /** A snapshot of this pool, with its pool. */
  record LocatedSnapshot(OpenPool pool, Snapshot snapshot) {}

  /** Those that users know of; see {@link PrivateCopy}. */
  Stream<Located> volumes() {
    return catalog.volumes().stream().filter(volume -> !PrivateCopy.isOne(volume)).map(volume -> new Located(this, volume));
  }

  Stream<LocatedSnapshot> snapshots() {
    return catalog.snapshots().stream().map(snapshot -> new LocatedSnapshot(this, snapshot));
  }

  /** Those that users know of. */
  Stream<Located> trashedVolumes() {
    return catalog.trashedVolumes().stream().filter(volume -> !PrivateCopy.isOne(volume)).map(volume -> new Located(this, volume));
  }

  Stream<LocatedSnapshot> trashedSnapshots() {
    return catalog.trashedSnapshots().stream().map(snapshot -> new LocatedSnapshot(this, snapshot));
  }
}
