package dev.moorage.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a loop device is bound to and how: struct loop_info64 and struct loop_config of linux/loop.h.
 *
 * @param node the device that the file is a node of; 0:0 when it is an ordinary file
 */
record LoopStatus(FileIdentity file, DeviceNumber node, long offset, long sizeLimit, int flags) {

  private static final int READ_ONLY = 1;
  private static final int AUTOCLEAR = 4;
  private static final int DIRECT_IO = 16;

  private static final long LOOP_SET_STATUS64 = 0x4C04;
  private static final long LOOP_GET_STATUS64 = 0x4C05;
  private static final long LOOP_CONFIGURE = 0x4C0A;

  // Offsets within struct loop_info64.
  private static final long FILE_DEVICE = 0;
  private static final long FILE_INODE = 8;
  private static final long NODE = 16;
  private static final long OFFSET = 24;
  private static final long SIZE_LIMIT = 32;
  private static final long FLAGS = 52;
  private static final long FILE_NAME = 56;
  private static final int FILE_NAME_BYTES = 64;
  private static final long SIZE_OF_INFO = 232;

  // Offsets within struct loop_config.
  private static final long CONFIG_FILE = 0;
  private static final long CONFIG_BLOCK_SIZE = 4;
  private static final long CONFIG_INFO = 8;
  private static final long SIZE_OF_CONFIG = 304;

  /** The status of a device; empty when it is not bound, or no longer. */
  static Optional<LoopStatus> of(OpenFile device) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(SIZE_OF_INFO, 8);
      device.ioctl("LOOP_GET_STATUS64", LOOP_GET_STATUS64, info);
      return Optional.of(new LoopStatus(
          new FileIdentity(DeviceNumber.decode(info.get(JAVA_LONG, FILE_DEVICE)), info.get(JAVA_LONG, FILE_INODE)),
          DeviceNumber.decode(info.get(JAVA_LONG, NODE)),
          info.get(JAVA_LONG, OFFSET),
          info.get(JAVA_LONG, SIZE_LIMIT),
          info.get(JAVA_INT, FLAGS)));
    } catch (ErrnoException e) {
      if (e.is(Errno.ENXIO)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Binds a free device to a file, in one step.
   *
   * @throws ErrnoException with EBUSY when somebody else was faster
   */
  static void configure(OpenFile device, OpenFile file, LoopDevices.Options options, int blockBytes)
      throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment config = arena.allocate(SIZE_OF_CONFIG, 8);
      config.set(JAVA_INT, CONFIG_FILE, file.descriptor());
      config.set(JAVA_INT, CONFIG_BLOCK_SIZE, blockBytes);
      MemorySegment info = config.asSlice(CONFIG_INFO, SIZE_OF_INFO);
      info.set(JAVA_INT, FLAGS,
          DIRECT_IO | (options.readOnly() ? READ_ONLY : 0) | (options.autoclear() ? AUTOCLEAR : 0));
      // For people who look: nothing reads the name back. The last byte stays zero.
      byte[] name = file.path().toString().getBytes(StandardCharsets.UTF_8);
      byte[] shown = Arrays.copyOf(name, Math.min(name.length, FILE_NAME_BYTES - 1));
      MemorySegment.copy(shown, 0, info, JAVA_BYTE, FILE_NAME, shown.length);
      device.ioctl("LOOP_CONFIGURE", LOOP_CONFIGURE, config);
    }
  }

  /** Whether the kernel is to detach the device at its last close; everything else stays. */
  static void setAutoclear(OpenFile device, boolean autoclear) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(SIZE_OF_INFO, 8);
      device.ioctl("LOOP_GET_STATUS64", LOOP_GET_STATUS64, info);
      int flags = info.get(JAVA_INT, FLAGS);
      info.set(JAVA_INT, FLAGS, autoclear ? flags | AUTOCLEAR : flags & ~AUTOCLEAR);
      device.ioctl("LOOP_SET_STATUS64", LOOP_SET_STATUS64, info);
    }
  }

  boolean isOf(FileIdentity other) {
    return file.equals(other);
  }

  LoopDevices.Binding binding(LoopDevice device) {
    return new LoopDevices.Binding(device, file, readOnly(), autoclear());
  }

  boolean readOnly() {
    return (flags & READ_ONLY) != 0;
  }

  boolean autoclear() {
    return (flags & AUTOCLEAR) != 0;
  }

  /** Whether the device shows only a part of the file: not by our hand. */
  boolean partial() {
    return offset != 0 || sizeLimit != 0;
  }
}
