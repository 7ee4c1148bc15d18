package dev.moorage.storage;

import dev.moorage.backend.DataState;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeId;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The newest look at the data of each volume that was asked about. Counting a fragmented image's extents takes time and waits for a
 * snapshot of it under way, so an asker waits for a moment only and then gets the look before; the new one is finished behind its back.
 */
final class Looks {

  private static final long FRESH_NANOS = Duration.ofSeconds(5).toNanos();
  private static final Duration PATIENCE = Duration.ofMillis(200);

  private final Executor executor;
  private final ConcurrentMap<VolumeId, Look> looks = new ConcurrentHashMap<>();
  private final ConcurrentMap<VolumeId, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();

  /** Of a volume that was, or was not, awaiting its restore then. */
  private record Look(DataState state, boolean awaited, long nanos) {

    boolean isFresh(Volume volume) {
      return awaited == volume.awaitsRestore() && System.nanoTime() - nanos <= FRESH_NANOS;
    }
  }

  Looks(Executor executor) {
    this.executor = executor;
  }

  /** Empty when nothing could ever be seen. */
  Optional<DataState> at(OpenPool pool, Volume volume) {
    Look look = looks.get(volume.id());
    if (look == null) {
      take(pool, volume);
    } else if (!look.isFresh(volume)) {
      await(underWay.computeIfAbsent(volume.id(), _ -> CompletableFuture.runAsync(() -> takeAgain(pool, volume), executor)));
    }
    return Optional.ofNullable(looks.get(volume.id())).map(Look::state);
  }

  private static void await(CompletableFuture<Void> look) {
    try {
      look.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException _) {
      // The look before must do.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
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
      DataState state = pool.backend(volume).inspect(pool.catalog().home(volume));
      looks.put(volume.id(), new Look(state, volume.awaitsRestore(), System.nanoTime()));
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
