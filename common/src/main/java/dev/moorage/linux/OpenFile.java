package dev.moorage.linux;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One open file description and the path it was opened by; never inherited by a child process. Closing it again does
 * nothing: its number may be another file's by then.
 */
final class OpenFile implements AutoCloseable {

  static final int READ = 0;
  static final int READ_WRITE = 2;
  static final int CREATE = 0x40;
  /** With {@link #CREATE}: fail when it exists. On a block device: claim it against mounts and other such opens. */
  static final int EXCLUSIVE = 0x80;

  private static final boolean ARM = System.getProperty("os.arch", "").equals("aarch64");
  static final int DIRECT = ARM ? 0x10000 : 0x4000;
  /** A file without a name, in the directory that is opened (O_TMPFILE). */
  static final int UNNAMED = 0x400000 | (ARM ? 0x4000 : 0x10000);

  private static final int CLOSE_ON_EXEC = 0x80000;
  private static final int OWNER_ONLY = 0600;

  private static final int F_SETSIG = 10;
  private static final int F_SETLEASE = 1024;
  private static final int F_WRLCK = 1;
  private static final int F_UNLCK = 2;
  private static final int SIGURG = 23;

  private final int descriptor;
  private final Path path;
  private final AtomicBoolean closed = new AtomicBoolean();

  private OpenFile(int descriptor, Path path) {
    this.descriptor = descriptor;
    this.path = path;
  }

  static OpenFile open(Path path, int flags) throws ErrnoException {
    return new OpenFile(Libc.open(path.toString(), flags | CLOSE_ON_EXEC, OWNER_ONLY), path);
  }

  int descriptor() {
    return descriptor;
  }

  Path path() {
    return path;
  }

  int ioctl(String name, long request, MemorySegment argument) throws ErrnoException {
    return Libc.ioctl(name, descriptor, path.toString(), request, argument);
  }

  /** For requests whose argument is a number in the place of a pointer. */
  int ioctl(String name, long request, long argument) throws ErrnoException {
    return ioctl(name, request, MemorySegment.ofAddress(argument));
  }

  void fsync() throws ErrnoException {
    Libc.fsync(descriptor, path.toString());
  }

  void truncate(long length) throws ErrnoException {
    Libc.ftruncate(descriptor, path.toString(), length);
  }

  void allocate(int mode, long offset, long length) throws ErrnoException {
    Libc.fallocate(descriptor, path.toString(), mode, offset, length);
  }

  /**
   * Whether the kernel says that no other open file description of this file exists, a loop device's included: it grants a
   * write lease only then. {@code false} also where leases are not supported (NFS, FUSE).
   */
  boolean isOnlyOpenHere() {
    try {
      // Who opens the file while we hold the lease makes the kernel signal us; SIGIO, its default, would end the process.
      Libc.fcntl("F_SETSIG", descriptor, path.toString(), F_SETSIG, SIGURG);
      Libc.fcntl("F_SETLEASE", descriptor, path.toString(), F_SETLEASE, F_WRLCK);
      Libc.fcntl("F_SETLEASE", descriptor, path.toString(), F_SETLEASE, F_UNLCK);
      return true;
    } catch (ErrnoException e) {
      return false;
    }
  }

  @Override
  public void close() throws ErrnoException {
    if (!closed.getAndSet(true)) {
      Libc.close(descriptor, path.toString());
    }
  }
}
