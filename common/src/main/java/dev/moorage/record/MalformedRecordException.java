package dev.moorage.record;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A record is not what it must be; the message names the file and the field. Nothing was changed. */
public final class MalformedRecordException extends IOException {

  public MalformedRecordException(String message) {
    super(message);
  }

  MalformedRecordException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
