package dev.moorage.storage;

import dev.moorage.backend.DataState;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeId;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;

/**
 * The newest look at the data of each volume that was asked about. Counting a fragmented image's extents takes time and waits for a
 * snapshot of it under way, so only the first look is taken at once; later ones are taken behind the asker's back.
 */
final class Looks {

  private static final long FRESH_NANOS = Duration.ofSeconds(5).toNanos();

  private final Executor executor;
  private final ConcurrentMap<VolumeId, Look> looks = new ConcurrentHashMap<>();
  private final Set<VolumeId> underWay = ConcurrentHashMap.newKeySet();

  private record Look(DataState state, long nanos) {}

  Looks(Executor executor) {
    this.executor = executor;
  }

  /** Empty when nothing could ever be seen. */
  Optional<DataState> at(OpenPool pool, Volume volume) {
    Look look = looks.get(volume.id());
    if (look == null) {
      take(pool, volume);
    } else if (System.nanoTime() - look.nanos() > FRESH_NANOS && underWay.add(volume.id())) {
      executor.execute(() -> takeAgain(pool, volume));
    }
    return Optional.ofNullable(looks.get(volume.id())).map(Look::state);
  }

  private void takeAgain(OpenPool pool, Volume volume) {
    try {
      take(pool, volume);
    } finally {
      underWay.remove(volume.id());
    }
  }

  private void take(OpenPool pool, Volume volume) {
    try {
      looks.put(volume.id(), new Look(pool.backend(volume).inspect(pool.catalog().home(volume)), System.nanoTime()));
    } catch (VolumeException e) {
      // It is being moved or removed just now; the next asker looks again.
      looks.remove(volume.id());
    }
  }

  /** Forgets volumes that are gone. */
  void retain(Set<VolumeId> living) {
    looks.keySet().retainAll(living);
  }
}
