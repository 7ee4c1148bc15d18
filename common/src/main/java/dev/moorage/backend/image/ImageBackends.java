package dev.moorage.backend.image;

import dev.moorage.backend.BackendFailure;
import dev.moorage.backend.VolumeBackend;
import dev.moorage.pool.Pool;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Path;

/** The door of this room. */
public final class ImageBackends {

  private ImageBackends() {}

  /** The backend for an open pool whose directory is on XFS with reflink. Touches nothing on disk. */
  public static VolumeBackend open(Pool pool) {
    return new ImageBackend(pool);
  }

  /**
   * Ends a freeze that a process which died inside {@link VolumeBackend#cut} left behind; nothing to do is success. For every
   * managed mount at start, before anything else touches it: whoever writes to a frozen filesystem waits for ever.
   */
  public static void thaw(Path mountPoint) throws VolumeException {
    try {
      ImageCut.thaw(mountPoint);
    } catch (IOException e) {
      throw BackendFailure.of("thaw " + mountPoint, e);
    }
  }
}
