package dev.moorage.storage;

import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.InUse;

/** For operations that need a volume which nobody uses. */
final class Idle {

  private static final String STOP = "Stop the containers that use it, then try again";

  private Idle() {}

  /** Releases the volume's stage; throws when it has consumers, or when something else uses it. */
  static void demand(String action, OpenPool pool, Volume volume) throws VolumeException {
    int consumers = pool.references().of(volume.id()).consumers();
    if (consumers > 0 && !pool.references().of(volume.id()).isStale(pool.references().epoch())) {
      throw new InUse(action, consumers == 1 ? "the volume is in use" : consumers + " consumers use the volume", STOP);
    }
    if (pool.stages().isUsedBeside(action, volume.id()) || !pool.stages().release(action, volume)) {
      throw pool.stages().inUse(action, volume, "the volume is mounted or open elsewhere on this host", STOP);
    }
  }
}
