package dev.moorage.backend;

import dev.moorage.backend.directory.DirectoryBackends;
import dev.moorage.backend.image.ImageBackends;
import dev.moorage.pool.Pool;
import dev.moorage.volume.BackendKind;

/** The table of backends. */
public final class Backends {

  private Backends() {}

  /** The backend of that kind for an open pool; cheap, and does nothing on disk. */
  public static VolumeBackend open(BackendKind kind, Pool pool) {
    return switch (kind) {
      case IMAGE -> ImageBackends.open(pool);
      case DIRECTORY -> DirectoryBackends.open(pool);
    };
  }
}
