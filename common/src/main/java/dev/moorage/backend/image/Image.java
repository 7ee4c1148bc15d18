package dev.moorage.backend.image;

import dev.moorage.backend.Home;
import dev.moorage.linux.ErrnoException;
import dev.moorage.linux.FileOps;
import dev.moorage.linux.LoopDevice;
import dev.moorage.linux.LoopDevices;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** One image file, and the loop device that it may be bound to. Sealed ones (mode 0400) are snapshots and never change. */
record Image(Path file) {

  /** Sizes are multiples of this: it is the block size of the loop devices. */
  static final long BLOCK_BYTES = 4096;

  /**
   * How much XFS copies at least when a shared block is first overwritten. Its default of 128 KiB turns scattered writes after a
   * snapshot into a multiple of the space.
   */
  private static final int COW_EXTENT_BYTES = 16 * 1024;

  private static final Set<PosixFilePermission> WRITABLE = PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> SEALED = PosixFilePermissions.fromString("r--------");
  /** How long a released device may take to go: udev or losetup may look at it for a moment. */
  private static final Duration RELEASE_PATIENCE = Duration.ofMillis(800);
  private static final Duration RELEASE_STEP = Duration.ofMillis(2);

  static Image of(Home home) {
    return new Image(home.directory().resolve("image"));
  }

  boolean exists() {
    return Files.exists(file);
  }

  long size() throws IOException {
    return Files.size(file);
  }

  boolean isSealed() throws IOException {
    return !Files.getPosixFilePermissions(file).contains(PosixFilePermission.OWNER_WRITE);
  }

  /** Makes the file, all zeros and sparse. */
  void makeSparse(long bytes) throws IOException {
    Files.createFile(file, PosixFilePermissions.asFileAttribute(WRITABLE));
    setSize(bytes);
    FileOps.setCowExtentSize(file, COW_EXTENT_BYTES);
  }

  /** Makes the file share every block of another: one point in time of it, whoever writes it. */
  void makeCloneOf(Path source) throws IOException {
    FileOps.reflink(source, file);
    FileOps.setCowExtentSize(file, COW_EXTENT_BYTES);
  }

  /** Makes the file hold the data of another that nobody writes, and share nothing with it. */
  void makeCopyOf(Path source) throws IOException {
    makeSparse(Files.size(source));
    SparseCopy.copy(source, file, done -> { });
  }

  void setSize(long bytes) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(bytes);
    }
  }

  /** Forbids writing for ever; durable with the next {@link #flush}. */
  void seal() throws IOException {
    Files.setPosixFilePermissions(file, SEALED);
  }

  /** Makes content, attributes and name durable. */
  void flush() throws IOException {
    FileOps.fsync(file);
    FileOps.fsync(Objects.requireNonNull(file.getParent()));
  }

  /** The device it is bound to, in whatever mount namespace; empty also when there is no file. */
  Optional<LoopDevice> device() throws IOException {
    try {
      return LoopDevices.find(file);
    } catch (ErrnoException e) {
      if (!exists()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Lets an idle device go and waits until it has gone.
   *
   * @return false when somebody uses the device; it goes when they close it
   */
  boolean release(Holds holds) throws IOException {
    long deadline = System.nanoTime() + RELEASE_PATIENCE.toNanos();
    Optional<LoopDevice> device = device();
    while (device.isPresent()) {
      if (!holds.isIdle(this, device.get()) || System.nanoTime() > deadline) {
        return false;
      }
      // A user of the raw device does not show in isIdle, so the kernel decides: it clears at the last close.
      LoopDevices.detach(device.get());
      device = device();
      if (device.isPresent()) {
        LockSupport.parkNanos(RELEASE_STEP.toNanos());
      }
    }
    return true;
  }
}
