package dev.moorage.storage;

import dev.moorage.catalog.References;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeId;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What has to be looked after from time to time: references of consumers that are gone, idle stages, trash, space. */
record Sweep(Core core) {

  private static final System.Logger LOG = System.getLogger(Sweep.class.getName());

  /** Everything; each volume on which an operation is under way is left to the next time. */
  void all() {
    for (OpenPool pool : core.pools().all()) {
      releaseUnused(pool);
      new PrivateCopies(core).fromTimeToTime(pool);
      new Uploads(core).releaseFailed(pool);
      try {
        core.room().tidy(pool, core.clock().instant());
        pool.bases().retain(present(pool));
      } catch (VolumeException e) {
        LOG.log(System.Logger.Level.WARNING, "pool " + pool.name() + " cannot be tidied", e);
      }
    }
  }

  /** Volumes that can be uploaded again: those that live or can be undone, and those of which a snapshot is here. */
  private static Set<VolumeId> present(OpenPool pool) {
    Stream<VolumeId> volumes = Stream.concat(pool.volumes(), pool.trashedVolumes()).map(each -> each.volume().id());
    Stream<VolumeId> snapshots = Stream.concat(pool.snapshots(), pool.trashedSnapshots()).map(each -> each.snapshot().volume());
    return Stream.concat(volumes, snapshots).collect(Collectors.toSet());
  }

  /** Drops stale references without a user, and releases the stages that nobody refers to. */
  void releaseUnused(OpenPool pool) {
    Set<VolumeId> candidates = new HashSet<>(pool.stages().volumes());
    candidates.addAll(pool.references().volumes());
    for (VolumeId id : candidates) {
      References references = pool.references().of(id);
      if (references.isStale(pool.references().epoch())) {
        releaseUnused(pool, id);
      }
    }
  }

  private void releaseUnused(OpenPool pool, VolumeId id) {
    String action = "release volume " + id;
    try (KeyedLock.Hold _ = core.work().locks().acquire(action, Duration.ZERO, List.of(LockKey.of(id)))) {
      Optional<Volume> volume = pool.catalog().volume(id);
      boolean unused = pool.references().of(id).isStale(pool.references().epoch()) && !pool.stages().isUsedBeside(action, id);
      if (unused && (volume.isEmpty() || pool.stages().release(action, volume.get()))) {
        pool.references().forget(id);
      }
    } catch (VolumeException.Busy _) {
      // Somebody works with it just now.
    } catch (VolumeException e) {
      core.journal().noteError(id, e);
    }
  }

  /** Keeps room ahead of the writers. Cheap when nothing is mounted or nothing is to be done. */
  void headroom() {
    for (OpenPool pool : core.pools().all()) {
      if (!pool.stages().volumes().isEmpty()) {
        try {
          core.room().relieve(pool);
        } catch (VolumeException e) {
          LOG.log(System.Logger.Level.WARNING, "pool " + pool.name() + " cannot be given room: " + e.getMessage());
        }
      }
    }
  }
}
