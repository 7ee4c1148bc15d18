package dev.moorage.storage;

import dev.moorage.catalog.References;
import dev.moorage.storage.OpenPool.Located;
import dev.moorage.volume.Owner;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.InUse;
import java.util.Optional;

/** Moves a volume that nobody uses to the trash. What the kernel says decides, not the table of references. */
record Removal(Core core, String action) {

  /** Whether there was one to remove. */
  boolean remove(Caller caller, Located located) throws VolumeException {
    OpenPool pool = located.pool();
    Optional<Volume> volume = pool.catalog().volume(located.volume().id());
    if (volume.isEmpty()) {
      return false;
    }
    demandUnreferenced(caller, pool, volume.get());
    new Restores(core).cancel(action, volume.get());
    demandIdle(pool, volume.get());
    pool.catalog().trash(volume.get().id());
    pool.references().forget(volume.get().id());
    core.journal().forget(volume.get().id());
    return true;
  }

  /** dockerd asks for removal only when no container refers to the volume, so what references are left then are stale. */
  private void demandUnreferenced(Caller caller, OpenPool pool, Volume volume) throws VolumeException {
    References references = pool.references().of(volume.id());
    boolean proved = caller.owner().equals(Owner.DOCKER) && volume.owner().equals(Owner.DOCKER);
    if (!proved && !references.isEmpty() && !references.isStale(pool.references().epoch())) {
      throw new InUse(action, count(references.consumers()) + " it", "Stop and remove what uses it, then try again");
    }
  }

  private static String count(int consumers) {
    return consumers == 1 ? "one container or pod uses" : consumers + " containers or pods use";
  }

  /** Releases the stage of an idle volume. */
  private void demandIdle(OpenPool pool, Volume volume) throws VolumeException {
    if (pool.stages().isUsedBeside(action, volume.id()) || !pool.stages().release(action, volume)) {
      throw pool.stages().inUse(action, volume, "it is mounted or open elsewhere on this host, such as in a running container",
          "Stop what uses it, then try again");
    }
  }
}
