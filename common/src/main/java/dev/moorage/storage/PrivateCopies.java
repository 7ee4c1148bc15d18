package dev.moorage.storage;

import dev.moorage.linux.Mounts;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Finds private copies that nobody wants any more: those of jobs that ended or died, and of mounts that are gone. */
record PrivateCopies(Core core) {

  private static final System.Logger LOG = System.getLogger(PrivateCopies.class.getName());
  /** How long what was fetched waits for whoever asked for it to come and mount it. */
  private static final Duration WAITS = Duration.ofMinutes(10);

  /** What a start does: whoever waited for something that has arrived is gone. */
  void atStart() {
    core.pools().all().forEach(pool -> tidy(pool, Duration.ZERO));
  }

  void fromTimeToTime(OpenPool pool) {
    tidy(pool, WAITS);
  }

  private void tidy(OpenPool pool, Duration waits) {
    for (PrivateCopy copy : PrivateCopy.all(pool).toList()) {
      String action = "drop a copy of " + PrivateCopy.subject(copy.volume());
      try (KeyedLock.Hold _ = core.work().locks().acquire(action, Duration.ZERO, List.of(PrivateCopy.key(copy.volume().name())))) {
        if (!isWanted(copy, waits)) {
          drop(action, copy);
        }
      } catch (VolumeException.Busy | VolumeException.InUse e) {
        LOG.log(System.Logger.Level.DEBUG, "later", e);
      } catch (VolumeException | IOException e) {
        LOG.log(System.Logger.Level.WARNING, action + " must wait: " + e.getMessage());
      }
    }
    for (Volume trashed : List.copyOf(pool.catalog().trashedVolumes())) {
      purge(pool, trashed);
    }
  }

  private boolean isWanted(PrivateCopy copy, Duration waits) throws VolumeException, IOException {
    return switch (copy.purpose()) {
      case FILES -> core.jobs().find(copy.rest()).filter(JobTable.Entry::isRunning).isPresent();
      case MOUNT -> copy.place().isPresent() || core.jobs().running(copy.volume().id(), Restores.KIND).isPresent()
          || copy.since().plus(waits).isAfter(core.clock().instant());
    };
  }

  private void drop(String action, PrivateCopy copy) throws VolumeException, IOException {
    Optional<Path> place = copy.place();
    if (place.isPresent()) {
      Mounts.unmount(place.get());
      copy.pool().views().removeOwn(place.get());
    }
    copy.discard(core, action);
  }

  /** The process died between the two steps of a discard. */
  private static void purge(OpenPool pool, Volume trashed) {
    if (PrivateCopy.isOne(trashed)) {
      try {
        pool.catalog().purge(trashed.id());
      } catch (VolumeException e) {
        LOG.log(System.Logger.Level.WARNING, "a private copy stays for now: " + e.getMessage());
      }
    }
  }
}
