package dev.moorage.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * The functions of the C library that Moorage calls, one method each, named and ordered as in their manual pages. The only
 * class with restricted calls of java.lang.foreign. Each call has its own arena and its own errno, so that no thread reads
 * another's. A result of -1 becomes an {@link ErrnoException} that names the call and its {@code subject}; EINTR is retried.
 */
@SuppressWarnings("restricted")
final class Libc {

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  /** The charset in which the JDK itself passes paths to the kernel. */
  private static final Charset PATHS = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
  private static final int NOT_VARIADIC = -1;

  private static final MethodHandle OPEN = bind("open", 2, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle CLOSE = bind("close", NOT_VARIADIC, JAVA_INT, JAVA_INT);
  private static final MethodHandle IOCTL = bind("ioctl", 2, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
  private static final MethodHandle FCNTL = bind("fcntl", 2, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle FSYNC = bind("fsync", NOT_VARIADIC, JAVA_INT, JAVA_INT);
  private static final MethodHandle SYNCFS = bind("syncfs", NOT_VARIADIC, JAVA_INT, JAVA_INT);
  private static final MethodHandle FLOCK = bind("flock", NOT_VARIADIC, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle FTRUNCATE = bind("ftruncate", NOT_VARIADIC, JAVA_INT, JAVA_INT, JAVA_LONG);
  private static final MethodHandle FALLOCATE =
      bind("fallocate", NOT_VARIADIC, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle STATX =
      bind("statx", NOT_VARIADIC, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle STATFS = bind("statfs", NOT_VARIADIC, JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle MKNOD = bind("mknod", NOT_VARIADIC, JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG);
  private static final MethodHandle MOUNT =
      bind("mount", NOT_VARIADIC, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
  private static final MethodHandle UMOUNT2 = bind("umount2", NOT_VARIADIC, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle QUOTACTL =
      bind("quotactl", NOT_VARIADIC, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
  private static final MethodHandle LLISTXATTR = bind("llistxattr", NOT_VARIADIC, JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG);
  private static final MethodHandle LGETXATTR = bind("lgetxattr", NOT_VARIADIC, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
  private static final MethodHandle LSETXATTR =
      bind("lsetxattr", NOT_VARIADIC, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle GETEUID = bind("geteuid", NOT_VARIADIC, JAVA_INT);
  /** Four arguments, as quotactl_fd(2) has, which the C library does not wrap. */
  private static final MethodHandle SYSCALL =
      bind("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS);

  private Libc() {}

  /** Calls one function, with native memory for its arguments that lives as long as the call. */
  @FunctionalInterface
  private interface Invocation {
    long invoke(Arena arena, MemorySegment state) throws Throwable;
  }

  private static MethodHandle bind(String name, int firstVariadic, MemoryLayout result, MemoryLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor descriptor = FunctionDescriptor.of(result, arguments);
    MemorySegment symbol = linker.defaultLookup().findOrThrow(name);
    Linker.Option errno = Linker.Option.captureCallState("errno");
    return firstVariadic == NOT_VARIADIC
        ? linker.downcallHandle(symbol, descriptor, errno)
        : linker.downcallHandle(symbol, descriptor, errno, Linker.Option.firstVariadicArg(firstVariadic));
  }

  private static long call(String name, String subject, Invocation invocation) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      while (true) {
        long result = invocation.invoke(arena, state);
        if (result != -1) {
          return result;
        }
        int errno = (int) ERRNO.get(state, 0L);
        if (errno != Errno.EINTR) {
          throw new ErrnoException(name, subject, errno);
        }
      }
    } catch (ErrnoException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      // A method handle may declare anything; the linker's handles throw nothing else.
      throw new AssertionError("BUG: " + name + " could not be called", e);
    }
  }

  private static MemorySegment text(Arena arena, @Nullable String value) {
    return value == null ? MemorySegment.NULL : arena.allocateFrom(value, PATHS);
  }

  static int open(String path, int flags, int mode) throws ErrnoException {
    return (int) call("open", path, (arena, state) -> (int) OPEN.invokeExact(state, text(arena, path), flags, mode));
  }

  /** Never repeated: Linux has given the descriptor free even when the call fails. */
  static void close(int fd, String subject) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int result = (int) CLOSE.invokeExact(state, fd);
      int errno = (int) ERRNO.get(state, 0L);
      if (result == -1 && errno != Errno.EINTR) {
        throw new ErrnoException("close", subject, errno);
      }
    } catch (ErrnoException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("BUG: close could not be called", e);
    }
  }

  /** {@code name} is the request's own, such as FICLONE. */
  static int ioctl(String name, int fd, String subject, long request, MemorySegment argument) throws ErrnoException {
    return (int) call(name, subject, (arena, state) -> (int) IOCTL.invokeExact(state, fd, request, argument));
  }

  static int fcntl(String name, int fd, String subject, int command, int argument) throws ErrnoException {
    return (int) call(name, subject, (arena, state) -> (int) FCNTL.invokeExact(state, fd, command, argument));
  }

  static void fsync(int fd, String subject) throws ErrnoException {
    call("fsync", subject, (arena, state) -> (int) FSYNC.invokeExact(state, fd));
  }

  static void syncfs(int fd, String subject) throws ErrnoException {
    call("syncfs", subject, (arena, state) -> (int) SYNCFS.invokeExact(state, fd));
  }

  static void flock(int fd, String subject, int operation) throws ErrnoException {
    call("flock", subject, (arena, state) -> (int) FLOCK.invokeExact(state, fd, operation));
  }

  static void ftruncate(int fd, String subject, long length) throws ErrnoException {
    call("ftruncate", subject, (arena, state) -> (int) FTRUNCATE.invokeExact(state, fd, length));
  }

  static void fallocate(int fd, String subject, int mode, long offset, long length) throws ErrnoException {
    call("fallocate", subject, (arena, state) -> (int) FALLOCATE.invokeExact(state, fd, mode, offset, length));
  }

  static void statx(int directory, String path, int flags, int mask, MemorySegment result) throws ErrnoException {
    call("statx", path,
        (arena, state) -> (int) STATX.invokeExact(state, directory, text(arena, path), flags, mask, result));
  }

  static void statfs(String path, MemorySegment result) throws ErrnoException {
    call("statfs", path, (arena, state) -> (int) STATFS.invokeExact(state, text(arena, path), result));
  }

  static void mknod(String path, int mode, long device) throws ErrnoException {
    call("mknod", path, (arena, state) -> (int) MKNOD.invokeExact(state, text(arena, path), mode, device));
  }

  static void mount(@Nullable String source, String target, @Nullable String type, long flags, @Nullable String data)
      throws ErrnoException {
    String subject = source == null ? target : source + " on " + target;
    call("mount", subject, (arena, state) -> (int) MOUNT.invokeExact(
        state, text(arena, source), text(arena, target), text(arena, type), flags, text(arena, data)));
  }

  static void umount2(String target, int flags) throws ErrnoException {
    call("umount", target, (arena, state) -> (int) UMOUNT2.invokeExact(state, text(arena, target), flags));
  }

  static void quotactl(String name, int command, String device, int id, MemorySegment data) throws ErrnoException {
    call(name, device, (arena, state) -> (int) QUOTACTL.invokeExact(state, command, text(arena, device), id, data));
  }

  /** quotactl_fd(2), Linux 5.14; ENOSYS before. The number is the same on every architecture. */
  static void quotactlFd(String name, int fd, String subject, int command, int id, MemorySegment data)
      throws ErrnoException {
    call(name, subject, (arena, state) ->
        (long) SYSCALL.invokeExact(state, 443L, (long) fd, (long) command, (long) id, data));
  }

  /** {@code path} is nul-terminated, as are names here: they may hold bytes that are no text. */
  static long llistxattr(MemorySegment path, String subject, MemorySegment list, long size) throws ErrnoException {
    return call("llistxattr", subject, (arena, state) -> (long) LLISTXATTR.invokeExact(state, path, list, size));
  }

  static long lgetxattr(MemorySegment path, String subject, MemorySegment name, MemorySegment value, long size) throws ErrnoException {
    return call("lgetxattr", subject, (arena, state) -> (long) LGETXATTR.invokeExact(state, path, name, value, size));
  }

  static void lsetxattr(MemorySegment path, String subject, MemorySegment name, MemorySegment value, long size) throws ErrnoException {
    call("lsetxattr", subject, (arena, state) -> (int) LSETXATTR.invokeExact(state, path, name, value, size, 0));
  }

  static int geteuid() {
    try (Arena arena = Arena.ofConfined()) {
      return (int) GETEUID.invokeExact(arena.allocate(STATE));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("BUG: geteuid could not be called", e);
    }
  }
}
