package dev.moorage.backend.directory;

import dev.moorage.backend.VolumeBackend;
import dev.moorage.linux.ProjectQuota;
import dev.moorage.pool.Pool;
import java.io.IOException;

/** The door of this room. */
public final class DirectoryBackends {

  private static final System.Logger LOGGER = System.getLogger(DirectoryBackends.class.getName());

  private DirectoryBackends() {}

  /** The backend for an open pool on any filesystem. Asks whether project quota is enforced there; touches nothing on disk. */
  public static VolumeBackend open(Pool pool) {
    return new DirectoryBackend(pool, isQuotaEnforced(pool));
  }

  private static boolean isQuotaEnforced(Pool pool) {
    try {
      return ProjectQuota.isEnforced(pool.layout().directory());
    } catch (IOException e) {
      // Sizes are then not enforced, which the profile says; volumes work all the same.
      LOGGER.log(System.Logger.Level.WARNING, "cannot ask for project quota in pool " + pool.name() + ": " + e.getMessage());
      return false;
    }
  }
}
