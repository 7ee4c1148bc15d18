package dev.moorage.linux;

import java.io.IOException;

/** A system call failed; carries the call, what it was applied to, and the errno. */
public final class ErrnoException extends IOException {

  private final int errno;

  public ErrnoException(String call, String subject, int errno) {
    super(call + " " + subject + ": " + Errno.text(errno));
    this.errno = errno;
  }

  public int errno() {
    return errno;
  }

  /** Whether the errno is the given one of {@link Errno}. */
  public boolean is(int expected) {
    return errno == expected;
  }
}
