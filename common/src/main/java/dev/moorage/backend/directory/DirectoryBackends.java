package dev.moorage.backend.directory;

import dev.moorage.backend.VolumeBackend;
import dev.moorage.pool.Pool;

/** The door of this room. */
public final class DirectoryBackends {

  private DirectoryBackends() {}

  public static VolumeBackend open(Pool pool) {
    throw new AssertionError("BUG: replaced by the backend room");
  }
}
