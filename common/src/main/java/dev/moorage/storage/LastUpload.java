package dev.moorage.storage;

import java.time.Instant;
import java.util.Optional;

/**
 * The newest snapshot of a volume that a repository holds, as this host knows; {@code label} is such as {@code db@before}.
 *
 * @param distrust when extent maps were found to lie about the volume, for ever after: every upload of it reads everything since
 */
public record LastUpload(String repository, String label, long seq, Instant at, Optional<Distrust> distrust) {

  /**
   * How it was found out: everything was read for this snapshot, and so many blocks had changed of which the maps did not tell. What was
   * uploaded before it may lack changes.
   *
   * @param blocks 0 when that was not written down
   */
  public record Distrust(String snapshot, long blocks, Instant at) {}
}
