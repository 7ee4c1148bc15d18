package dev.moorage.record;

import java.io.IOException;

/** A record was written by a newer Moorage in a format that this one does not know. Nothing was changed. */
public final class NewerRecordException extends IOException {

  NewerRecordException(String file, long found, int known) {
    super(file + " was written by a newer Moorage (format " + found + ", this one knows up to " + known + ")");
  }
}
