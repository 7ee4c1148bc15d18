package dev.moorage.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

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

  private LoopDevices() {}

  /** How to attach: {@code autoclear} lets the kernel detach at the last close, so nothing is left after a crash. */
  public record Options(boolean readOnly, boolean autoclear) {}

  /** A bound device, held open so that an autoclear device stays bound until this is closed or its filesystem is mounted. */
  public interface Held extends AutoCloseable {
    LoopDevice device();

    @Override
    void close() throws IOException;
  }

  /**
   * Binds the file to a loop device with 4096-byte blocks and direct I/O (LOOP_CONFIGURE), or returns the device it is bound
   * to already, with LO_FLAGS_AUTOCLEAR set anew as asked. Reads back what the kernel did and throws when direct I/O or
   * the block size was dropped though the filesystem below supports it.
   */
  public static Held attach(Path file, Options options) throws IOException {
    throw new AssertionError("BUG: replaced by the linux room");
  }

  /** The device that the file is bound to, in whatever mount namespace it is used. */
  public static Optional<LoopDevice> find(Path file) throws IOException {
    throw new AssertionError("BUG: replaced by the linux room");
  }

  /** Whether nobody has the device mounted or open exclusively, in any namespace: an O_EXCL open of it succeeds. */
  public static boolean isIdle(LoopDevice device) throws IOException {
    throw new AssertionError("BUG: replaced by the linux room");
  }

  /** Makes the device notice that its file has grown (LOOP_SET_CAPACITY). */
  public static void refreshCapacity(LoopDevice device) throws IOException {
    throw new AssertionError("BUG: replaced by the linux room");
  }

  /** Asks the kernel to detach the device now or, while somebody has it open, at the last close (LOOP_CLR_FD). */
  public static void detach(LoopDevice device) throws IOException {
    throw new AssertionError("BUG: replaced by the linux room");
  }
}
