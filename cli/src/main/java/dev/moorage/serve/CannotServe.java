package dev.moorage.serve;

import org.jspecify.annotations.Nullable;

/** The service cannot start; the message is for the operator. */
public final class CannotServe extends Exception {

  CannotServe(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
