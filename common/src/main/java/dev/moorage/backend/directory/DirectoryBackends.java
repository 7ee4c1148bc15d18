package dev.moorage.backend.directory;

import dev.moorage.backend.VolumeBackend;
import dev.moorage.pool.Pool;

/** The door of this room. */
public final class DirectoryBackends {

  private DirectoryBackends() {}

  /** The backend for an open pool on any filesystem. Touches nothing on disk. */
  public static VolumeBackend open(Pool pool) {
    return new DirectoryBackend(pool);
  }
}
