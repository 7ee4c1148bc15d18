package dev.moorage.backend.image;

import dev.moorage.backend.VolumeBackend;
import dev.moorage.pool.Pool;

/** The door of this room. */
public final class ImageBackends {

  private ImageBackends() {}

  public static VolumeBackend open(Pool pool) {
    throw new AssertionError("BUG: replaced by the backend room");
  }
}
