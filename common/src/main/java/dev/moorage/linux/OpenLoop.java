package dev.moorage.linux;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** A loop device's node, open: the device itself may be bound, free, or going away. */
record OpenLoop(LoopDevice device, OpenFile open) implements LoopDevices.Held {

  private static final long LOOP_CLR_FD = 0x4C01;
  private static final long LOOP_SET_CAPACITY = 0x4C07;

  /** Opens without claiming or writing: hinders neither a mount nor another user. */
  static OpenLoop of(LoopDevice device) throws IOException {
    return of(device, OpenFile.READ);
  }

  /**
   * Opens, and makes the node first where /dev is not the kernel's own, as in a container.
   *
   * @throws NoSuchFileException when the kernel has no such device
   */
  static OpenLoop of(LoopDevice device, int flags) throws IOException {
    try {
      return new OpenLoop(device, OpenFile.open(device.path(), flags));
    } catch (ErrnoException e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
    makeNode(device);
    return new OpenLoop(device, OpenFile.open(device.path(), flags));
  }

  private static void makeNode(LoopDevice device) throws IOException {
    try {
      FileOps.makeBlockNode(device.path(), device);
    } catch (ErrnoException e) {
      if (!e.is(Errno.EEXIST)) {
        throw e;
      }
    }
  }

  /** Opens a device that may vanish at any moment; empty when it has. */
  static Optional<OpenLoop> ifPresent(LoopDevice device) throws IOException {
    try {
      return Optional.of(of(device));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (ErrnoException e) {
      if (e.is(Errno.ENXIO) || e.is(Errno.ENODEV)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Empty when the device is not bound. */
  Optional<LoopStatus> status() throws ErrnoException {
    return LoopStatus.of(open);
  }

  /** Detaches now or at the last close, this one's included; nothing to do is success. */
  void clear() throws ErrnoException {
    try {
      open.ioctl("LOOP_CLR_FD", LOOP_CLR_FD, 0);
    } catch (ErrnoException e) {
      if (!e.is(Errno.ENXIO)) {
        throw e;
      }
    }
  }

  void refreshCapacity() throws ErrnoException {
    open.ioctl("LOOP_SET_CAPACITY", LOOP_SET_CAPACITY, 0);
  }

  @Override
  public void close() throws ErrnoException {
    open.close();
  }
}
