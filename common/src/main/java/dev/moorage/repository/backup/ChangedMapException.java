package dev.moorage.repository.backup;

import java.io.IOException;

/** The extent map of an image that must not change was seen to change during a backup: it has to be repeated, reading everything. */
public final class ChangedMapException extends IOException {

  ChangedMapException(ImageSource image) {
    super("the extents of " + image + ", or of the one it was compared with, changed while they were read");
  }
}
