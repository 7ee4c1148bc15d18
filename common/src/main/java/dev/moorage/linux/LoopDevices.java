package dev.moorage.linux;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Loop devices, with one rule: <b>one loop device per file, whatever happens</b>. A second one on the same file silently
 * loses data. {@link #attach} therefore first asks whether anybody at all has the file open (a write lease,
 * fcntl(2) F_SETLEASE, is granted only when nobody else has, in any mount namespace), and only when somebody has looks
 * through the bound devices by the backing file's device and inode (LOOP_GET_STATUS64, loop(4)).
 *
 * <p>Safe for use by several threads; two calls of {@link #attach} for the same file must be serialised by the caller (the
 * volume's lock) and, across processes, by the pool's lock.
 */
public final class LoopDevices {

  /** How often, each a millisecond apart, to ask whether a released device is gone: udev may have it open for a moment. */
  private static final int RELEASE_CHECKS_MAX = 1000;

  private LoopDevices() {}

  /** How to attach: {@code autoclear} lets the kernel detach at the last close, so nothing is left after a crash. */
  public record Options(boolean readOnly, boolean autoclear) {}

  /** A device that is bound now, and to what; the file may have been renamed or deleted since. */
  public record Binding(LoopDevice device, FileIdentity file, boolean readOnly, boolean autoclear) {}

  /** A bound device, held open so that an autoclear device stays bound until this is closed or its filesystem is mounted. */
  public interface Held extends AutoCloseable {
    LoopDevice device();

    @Override
    void close() throws IOException;
  }

  /**
   * Binds the file to a loop device with 4096-byte blocks and direct I/O (LOOP_CONFIGURE), or returns the device it is bound
   * to already, with LO_FLAGS_AUTOCLEAR set anew as asked. Reads back what the kernel did and throws when direct I/O or
   * the block size was dropped though the filesystem below supports it. A device that was bound read-only is bound anew
   * when it is to be written and nobody uses it; one that was bound read-write is returned for reading too.
   *
   * @throws ErrnoException with EBUSY when the file is bound to a device that is in use and does not fit
   */
  public static Held attach(Path path, Options options) throws IOException {
    try (OpenFile backing = OpenFile.open(path, options.readOnly() ? OpenFile.READ : OpenFile.READ_WRITE)) {
      if (!backing.isOnlyOpenHere()) {
        FileIdentity file = Statx.of(backing).identity();
        Optional<OpenLoop> bound = search(status -> status.isOf(file));
        if (bound.isPresent() && adopt(bound.get(), options)) {
          return bound.get();
        }
        if (bound.isPresent()) {
          release(bound.get(), backing);
        }
      }
      return FreeLoop.bind(backing, options);
    }
  }

  /** Whether a bound device can serve; set up as asked when it can. Closes it when it throws. */
  private static boolean adopt(OpenLoop loop, Options options) throws IOException {
    try {
      Optional<LoopStatus> status = loop.status();
      if (status.isEmpty() || status.get().partial() || (status.get().readOnly() && !options.readOnly())) {
        return false;
      }
      if (status.get().autoclear() != options.autoclear()) {
        LoopStatus.setAutoclear(loop.open(), options.autoclear());
      }
      return true;
    } catch (IOException | RuntimeException e) {
      loop.close();
      throw e;
    }
  }

  /** Ends a binding that cannot serve: claims the device, so that nobody mounts it now, and waits until it is free. */
  private static void release(OpenLoop loop, OpenFile backing) throws IOException {
    try (loop;
        OpenLoop claim = OpenLoop.of(loop.device(), OpenFile.READ | OpenFile.EXCLUSIVE)) {
      claim.clear();
    }
    FileIdentity file = Statx.of(backing).identity();
    for (int check = 0; find(file).isPresent(); check++) {
      if (check == RELEASE_CHECKS_MAX) {
        throw new ErrnoException("attach", backing.path() + ", open through " + loop.device().path(), Errno.EBUSY);
      }
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
    }
  }

  /** The device that the file is bound to, in whatever mount namespace it is used. */
  public static Optional<LoopDevice> find(Path file) throws IOException {
    return find(FileIdentity.of(file));
  }

  /** The device that a file, perhaps deleted by now, is bound to. */
  public static Optional<LoopDevice> find(FileIdentity file) throws IOException {
    return find(status -> status.isOf(file));
  }

  /**
   * A device that is bound to a node of this one, in whatever mount namespace, and so keeps it open. The kubelet binds one to every raw
   * device of a pod, so that the device is not given away meanwhile.
   */
  public static Optional<LoopDevice> above(LoopDevice device) throws IOException {
    try {
      DeviceNumber number = LoopSysfs.number(device);
      return find(status -> status.node().equals(number));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static Optional<LoopDevice> find(Predicate<LoopStatus> wanted) throws IOException {
    Optional<OpenLoop> found = search(wanted);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (OpenLoop loop = found.get()) {
      return Optional.of(loop.device());
    }
  }

  private static Optional<OpenLoop> search(Predicate<LoopStatus> wanted) throws IOException {
    for (LoopDevice device : LoopSysfs.bound()) {
      Optional<OpenLoop> loop = OpenLoop.ifPresent(device);
      if (loop.isPresent()) {
        if (loop.get().status().filter(wanted).isPresent()) {
          return loop;
        }
        loop.get().close();
      }
    }
    return Optional.empty();
  }

  /** Every bound device of this machine, ours or not: to find at start what a crash has left. */
  public static List<Binding> bound() throws IOException {
    List<Binding> bindings = new ArrayList<>();
    for (LoopDevice device : LoopSysfs.bound()) {
      Optional<OpenLoop> loop = OpenLoop.ifPresent(device);
      if (loop.isPresent()) {
        try (OpenLoop open = loop.get()) {
          open.status().ifPresent(status -> bindings.add(status.binding(device)));
        }
      }
    }
    return bindings;
  }

  /**
   * Whether nobody has the device mounted or open exclusively, in any namespace: an O_EXCL open of it succeeds. A device
   * that is bound to nothing is idle.
   */
  public static boolean isIdle(LoopDevice device) throws IOException {
    try (OpenLoop claim = OpenLoop.of(device, OpenFile.READ | OpenFile.EXCLUSIVE)) {
      return claim.open().descriptor() >= 0;
    } catch (NoSuchFileException e) {
      return true;
    } catch (ErrnoException e) {
      return switch (e.errno()) {
        case Errno.EBUSY -> false;
        case Errno.ENXIO, Errno.ENODEV -> true;
        default -> throw e;
      };
    }
  }

  /** Makes the device notice that its file has grown (LOOP_SET_CAPACITY). */
  public static void refreshCapacity(LoopDevice device) throws IOException {
    try (OpenLoop loop = OpenLoop.of(device)) {
      loop.refreshCapacity();
    }
  }

  /**
   * Asks the kernel to detach the device now or, while somebody has it open, at the last close (LOOP_CLR_FD). A device
   * that is not bound is left alone.
   */
  public static void detach(LoopDevice device) throws IOException {
    Optional<OpenLoop> loop = OpenLoop.ifPresent(device);
    if (loop.isPresent()) {
      try (OpenLoop open = loop.get()) {
        open.clear();
      }
    }
  }
}
