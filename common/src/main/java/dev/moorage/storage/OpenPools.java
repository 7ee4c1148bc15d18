package dev.moorage.storage;

import dev.moorage.storage.OpenPool.Located;
import dev.moorage.storage.OpenPool.LocatedSnapshot;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.NotFound;
import dev.moorage.volume.VolumeException.Unavailable;
import dev.moorage.volume.VolumeId;
import dev.moorage.volume.VolumeName;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The open pools, the default one first, and the index over all of them: each look-up is one per pool, and pools are few. Safe for
 * use by several threads; reads take no lock.
 */
final class OpenPools {

  private final List<OpenPool> pools = new CopyOnWriteArrayList<>();

  void add(OpenPool pool) {
    pools.add(pool);
  }

  void clear() {
    pools.clear();
  }

  List<OpenPool> all() {
    return pools;
  }

  OpenPool byDefault() {
    return pools.getFirst();
  }

  Optional<OpenPool> named(PoolName name) {
    return pools.stream().filter(pool -> pool.name().equals(name)).findFirst();
  }

  Optional<OpenPool> of(PoolId id) {
    return pools.stream().filter(pool -> pool.id().equals(id)).findFirst();
  }

  /** The pool of that name, or the default one. */
  OpenPool required(String action, Optional<PoolName> name) throws VolumeException {
    if (pools.isEmpty()) {
      throw new Unavailable(action, "this service has no pools", "Ask a node that has");
    }
    if (name.isEmpty()) {
      return byDefault();
    }
    return named(name.get()).orElseThrow(() -> new NotFound(action, "there is no pool " + name.get(),
        "There are: " + pools.stream().map(pool -> pool.name().toString()).collect(Collectors.joining(", "))));
  }

  Optional<Located> volume(VolumeId id) {
    return first(pool -> pool.catalog().volume(id).map(volume -> new Located(pool, volume)));
  }

  Optional<Located> volume(Owner owner, VolumeName name) {
    return first(pool -> pool.catalog().volume(owner, name).map(volume -> new Located(pool, volume)));
  }

  Optional<LocatedSnapshot> snapshot(SnapshotId id) {
    return first(pool -> pool.catalog().snapshot(id).map(snapshot -> new LocatedSnapshot(pool, snapshot)));
  }

  private <T> Optional<T> first(Function<OpenPool, Optional<T>> find) {
    for (OpenPool pool : pools) {
      Optional<T> found = find.apply(pool);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }
}
