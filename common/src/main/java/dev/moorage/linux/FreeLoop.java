package dev.moorage.linux;

import dev.moorage.linux.LoopDevices.Options;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Takes a free loop device for a file that is bound to none, in a race with every other program that takes them. */
final class FreeLoop {

  private static final Path CONTROL = Path.of("/dev/loop-control");
  private static final long LOOP_CTL_REMOVE = 0x4C81;
  private static final long LOOP_CTL_GET_FREE = 0x4C82;
  private static final int BLOCK_BYTES = 4096;
  /** How often in a row another taker of loop devices may be faster than we. */
  private static final int RACES_MAX = 100;

  private FreeLoop() {}

  /** Binds an open file, read back and held open; the file's own descriptor is the caller's to close. */
  static LoopDevices.Held bind(OpenFile backing, Options options) throws IOException {
    try (OpenFile control = OpenFile.open(CONTROL, OpenFile.READ_WRITE)) {
      for (int race = 0; race < RACES_MAX; race++) {
        Optional<OpenLoop> bound = tryBind(control, backing, options);
        if (bound.isPresent()) {
          return verified(bound.get(), backing);
        }
      }
    }
    throw new ErrnoException("attach", backing.path() + " (others took every free loop device)", Errno.EBUSY);
  }

  private static LoopDevice free(OpenFile control) throws IOException {
    LoopDevice device = new LoopDevice(control.ioctl("LOOP_CTL_GET_FREE", LOOP_CTL_GET_FREE, 0));
    if (LoopSysfs.passesDiscards(device)) {
      return device;
    }
    try {
      // Discards that were switched off for an earlier file stay off (the kernel takes no other value then) until the
      // device is made anew. It refuses to remove one that somebody has just taken.
      control.ioctl("LOOP_CTL_REMOVE", LOOP_CTL_REMOVE, device.number());
    } catch (ErrnoException e) {
      return device;
    }
    return new LoopDevice(control.ioctl("LOOP_CTL_GET_FREE", LOOP_CTL_GET_FREE, 0));
  }

  /** A device that is bound now and open for writing; empty when somebody else took or removed it first. */
  private static Optional<OpenLoop> tryBind(OpenFile control, OpenFile backing, Options options) throws IOException {
    try {
      OpenLoop loop = OpenLoop.of(free(control), OpenFile.READ_WRITE);
      try {
        LoopStatus.configure(loop.open(), backing, options, BLOCK_BYTES);
        return Optional.of(loop);
      } catch (ErrnoException e) {
        loop.close();
        throw e;
      }
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (ErrnoException e) {
      return switch (e.errno()) {
        case Errno.EBUSY, Errno.ENXIO, Errno.ENODEV -> Optional.empty();
        default -> throw e;
      };
    }
  }

  private static LoopDevices.Held verified(OpenLoop bound, OpenFile backing) throws IOException {
    try (bound) {
      try {
        verify(bound.device(), backing);
        // Not the writable one: kernels may be told to refuse mounts of a device that is open for writing.
        return OpenLoop.of(bound.device());
      } catch (IOException | RuntimeException e) {
        bound.clear();
        throw e;
      }
    }
  }

  /** The kernel drops direct I/O without a word, for instance where the filesystem below wants larger pieces than ours. */
  private static void verify(LoopDevice device, OpenFile backing) throws IOException {
    int blockBytes = LoopSysfs.blockBytes(device);
    if (blockBytes != BLOCK_BYTES) {
      throw new IOException("attach " + backing.path() + ": the kernel gave " + device.path() + " blocks of "
          + blockBytes + " bytes, not " + BLOCK_BYTES);
    }
    if (!LoopSysfs.isDirect(device) && supportsDirectIo(backing.path())) {
      throw new IOException("attach " + backing.path() + ": the kernel refused direct I/O for " + device.path()
          + " though the filesystem below supports it; it may want pieces larger than " + BLOCK_BYTES + " bytes");
    }
  }

  private static boolean supportsDirectIo(Path file) throws IOException {
    try (OpenFile direct = OpenFile.open(file, OpenFile.READ | OpenFile.DIRECT)) {
      return direct.descriptor() >= 0;
    } catch (ErrnoException e) {
      if (e.is(Errno.EINVAL)) {
        return false;
      }
      throw e;
    }
  }
}
