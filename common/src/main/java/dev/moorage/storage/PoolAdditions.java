package dev.moorage.storage;

import dev.moorage.failpoint.Failpoint;
import dev.moorage.pool.PoolSettings;
import dev.moorage.pool.Pools;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.AlreadyExists;
import dev.moorage.volume.VolumeException.NotFound;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Opens pools, the configured ones and those that come at run time, and keeps names and ids apart. Callers hold the lock of pools. */
final class PoolAdditions {

  private final PoolOpening opening;
  private final OpenPools pools;
  private final PoolRegistry registry;
  private final Map<PoolName, PoolStatus> absent = new ConcurrentHashMap<>();

  PoolAdditions(PoolOpening opening, OpenPools pools, PoolRegistry registry) {
    this.opening = opening;
    this.pools = pools;
    this.registry = registry;
  }

  /** Registered pools that could not be opened, with the reason. */
  List<PoolStatus> absent() {
    return List.copyOf(absent.values());
  }

  /** Opens the pools of the configuration; one that cannot be opened is an error. */
  void openConfigured(List<PoolSettings> configured) throws VolumeException {
    for (PoolSettings settings : configured) {
      add("open pool " + settings.name(), settings);
    }
  }

  /** Opens the pools of the registry that are not configured; one that cannot be opened is listed as absent. */
  void openRegistered() throws VolumeException {
    for (PoolRecord record : registry.read()) {
      String action = "open pool " + record.settings().name();
      Optional<PoolId> id = record.id().or(() -> identified(record.settings()));
      if (id.isEmpty()) {
        // The process died while it made the pool; nobody was told that it exists.
        registry.remove(action, record.settings().name());
      } else if (pools.of(id.get()).isEmpty()) {
        openRegistered(action, record, id.get());
      }
    }
  }

  private static Optional<PoolId> identified(PoolSettings settings) {
    try {
      return Pools.identify(settings.root());
    } catch (VolumeException e) {
      return Optional.empty();
    }
  }

  private void openRegistered(String action, PoolRecord record, PoolId id) throws VolumeException {
    try {
      demandPool(action, record.settings());
      OpenPool pool = add(action, record.settings());
      if (record.id().isEmpty()) {
        register(action, pool);
      }
    } catch (VolumeException e) {
      absent.put(record.settings().name(), status(id, record, e));
    }
  }

  private static PoolStatus status(PoolId id, PoolRecord record, VolumeException problem) {
    return new PoolStatus(id, record.settings(), false, false, record.settings().overcommit().orElse(1.0),
        Optional.empty(), 0, 0, 0, 0, Optional.of(String.valueOf(problem.getMessage())));
  }

  OpenPool create(String action, PoolSettings settings) throws VolumeException {
    Optional<OpenPool> same = open(action, settings);
    if (same.isPresent()) {
      return same.get();
    }
    Optional<PoolId> present = Pools.identify(settings.root());
    if (present.isPresent()) {
      throw new AlreadyExists(action, settings.root() + " holds a pool already", "Open it: moorage pool adopt "
          + settings.name() + " " + settings.root());
    }
    // Announced before it is made, so that a repeated request knows it again after a crash between the two.
    registry.add(action, new PoolRecord(Optional.empty(), settings));
    boolean made = false;
    try {
      OpenPool pool = register(action, add(action, settings));
      made = true;
      return pool;
    } finally {
      if (!made) {
        registry.remove(action, settings.name());
      }
    }
  }

  OpenPool adopt(String action, PoolSettings settings) throws VolumeException {
    Optional<OpenPool> same = open(action, settings);
    if (same.isPresent()) {
      return same.get();
    }
    demandPool(action, settings);
    return register(action, add(action, settings));
  }

  private static void demandPool(String action, PoolSettings settings) throws VolumeException {
    if (Pools.identify(settings.root()).isEmpty()) {
      throw new NotFound(action, settings.root() + " holds no pool", "Mount its disk, or make a new pool: moorage pool create");
    }
  }

  /** The open pool that the request means already. */
  private Optional<OpenPool> open(String action, PoolSettings settings) throws VolumeException {
    Optional<OpenPool> named = pools.named(settings.name());
    if (named.isPresent() && !named.get().pool().settings().root().equals(settings.root())) {
      throw new AlreadyExists(action, "a pool of that name is at " + named.get().pool().settings().root(), "Choose another name");
    }
    return named;
  }

  private OpenPool add(String action, PoolSettings settings) throws VolumeException {
    Optional<PoolId> id = Pools.identify(settings.root());
    Optional<OpenPool> same = id.flatMap(pools::of);
    if (same.isPresent() || pools.named(settings.name()).isPresent()) {
      throw new AlreadyExists(action, same.isPresent() ? "it is open as pool " + same.get().name() + ", or is a copy of it"
          : "there is a pool of that name", same.isPresent() ? "Open each pool once" : "Choose another name");
    }
    OpenPool pool = opening.open(settings);
    boolean added = false;
    try {
      demandNoClash(action, pool);
      pools.add(pool);
      absent.remove(settings.name());
      added = true;
      return pool;
    } finally {
      if (!added) {
        pool.pool().close();
      }
    }
  }

  private void demandNoClash(String action, OpenPool pool) throws VolumeException {
    List<Volume> clashing = pool.catalog().volumes().stream()
        .filter(volume -> pools.volume(volume.owner(), volume.name()).isPresent()).toList();
    if (!clashing.isEmpty()) {
      throw new AlreadyExists(action, "volumes of these names are in other pools: " + clashing.stream()
          .map(volume -> volume.owner() + "/" + volume.name()).sorted().limit(20).collect(Collectors.joining(", ")),
          "Remove or rename them here or there first");
    }
  }

  private OpenPool register(String action, OpenPool pool) throws VolumeException {
    Failpoint.POOL_OPENED.reach();
    registry.add(action, new PoolRecord(Optional.of(pool.id()), pool.pool().settings()));
    return pool;
  }
}
