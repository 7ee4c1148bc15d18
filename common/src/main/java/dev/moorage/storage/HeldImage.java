package dev.moorage.storage;

import dev.moorage.record.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A second name for a snapshot's image: it keeps the image when the snapshot goes. A link, not a clone, because the image is sealed and
 * never changes: a clone would take as long as the snapshot itself took, and make every later write of the volume dearer.
 */
final class HeldImage {

  private HeldImage() {}

  /** Makes {@code target} a name of the image; durable on return. */
  static void hold(Path image, Path target) throws IOException {
    Files.deleteIfExists(target);
    Files.createLink(target, image);
    Directories.flush(Objects.requireNonNull(target.getParent()));
  }
}
