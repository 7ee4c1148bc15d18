package dev.moorage.socket;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A socket could not be opened. The message says which, why, and what to do, as users are to read it. */
public final class CannotListen extends IOException {

  CannotListen(Path socket, String reason, String remedy, @Nullable Throwable cause) {
    this(socket.toString(), reason, remedy, cause);
  }

  /** {@code where} is a socket's path, or a host and a port. */
  public CannotListen(String where, String reason, String remedy, @Nullable Throwable cause) {
    super("cannot listen on " + where + ": " + reason + ". " + remedy, cause);
  }
}
