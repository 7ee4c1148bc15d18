package dev.moorage.pool;

import dev.moorage.failpoint.Failpoint;
import dev.moorage.filesystem.Filesystem;
import dev.moorage.filesystem.GrowingXfs;
import dev.moorage.filesystem.UnsoundFilesystem;
import dev.moorage.linux.Errno;
import dev.moorage.linux.ErrnoException;
import dev.moorage.linux.FileOps;
import dev.moorage.linux.LoopDevice;
import dev.moorage.linux.LoopDevices;
import dev.moorage.linux.Mounts;
import dev.moorage.record.Directories;
import dev.moorage.volume.FilesystemType;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The pool file, mounted. What is mounted is asked of the kernel: a mount that an earlier process left is adopted when it is of
 * this very file and in order, and taken away when not.
 *
 * <p>Mounted without {@code discard}, so that blocks which volumes give back stay the pool's, and without {@code nouuid}, so
 * that the kernel refuses a copy of a pool that is open already.
 *
 * @param adopted whether it was mounted before we came
 */
record PoolMount(Path target, Path file, LoopDevice device, boolean adopted) {

  /** Space that a grown filesystem may leave over at the end of its device, being too little for an allocation group. */
  private static final long TAIL_BYTES_MAX = 1L << 20;
  /** Mounts stacked upon one another that are taken away before giving up. */
  private static final int STACKED_MAX = 16;

  static PoolMount open(String action, Path file, Path target) throws IOException, VolumeException {
    for (int i = 0; i < STACKED_MAX; i++) {
      Optional<Mounts.Entry> top = topmost(target);
      if (top.isEmpty()) {
        Directories.create(target);
        return attach(action, file, target);
      }
      Optional<LoopDevice> device = LoopDevices.find(file);
      if (device.isPresent() && isOf(device.get(), top.get()) && isSound(top.get())) {
        return new PoolMount(target, file, device.get(), true);
      }
      removeStale(action, top.get());
    }
    throw new VolumeException.InUse(action, "too many mounts are stacked on " + target, "Unmount them");
  }

  /** Read from the table, because a filesystem that was shut down does not answer any question about itself. */
  private static Optional<Mounts.Entry> topmost(Path target) throws IOException {
    return Mounts.table().stream().filter(entry -> entry.target().equals(target)).reduce((lower, upper) -> upper);
  }

  private static PoolMount attach(String action, Path file, Path target) throws IOException, VolumeException {
    try (LoopDevices.Held held = LoopDevices.attach(file, new LoopDevices.Options(false, true))) {
      Failpoint.POOL_FILE_ATTACHED.reach();
      try {
        Mounts.mount(held.device().path(), target, "xfs", Set.of(), "");
      } catch (ErrnoException e) {
        if (e.is(Errno.EINVAL) && copyIsMounted(file, held.device())) {
          throw copyOfOpenPool(action, file, e);
        }
        throw e;
      }
      Failpoint.POOL_FILE_MOUNTED.reach();
      return new PoolMount(target, file, held.device(), false);
    }
  }

  private static boolean isOf(LoopDevice device, Mounts.Entry entry) {
    return entry.source().equals(device.path().toString());
  }

  /** A filesystem that the kernel shut down after an error of the disk refuses to be read. */
  private static boolean isSound(Mounts.Entry entry) {
    try (Stream<Path> entries = Files.list(entry.target())) {
      return entries.count() >= 0 && !entry.readOnly();
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  private static void removeStale(String action, Mounts.Entry entry) throws IOException, VolumeException {
    if (!entry.filesystem().equals("xfs")) {
      throw new VolumeException.InvalidArgument(action, entry.source() + " is mounted on " + entry.target(), "Unmount it");
    }
    try {
      Mounts.unmount(entry.target());
    } catch (ErrnoException e) {
      if (!e.is(Errno.EBUSY)) {
        throw e;
      }
      throw new VolumeException.InUse(action,
          entry.target() + " is in use, but is not of this pool file, or was shut down by the kernel after an error of its disk",
          "Stop the containers that use it, then start Moorage again", e);
    }
  }

  /** Looks at loop devices too, because the other one may be mounted in another mount namespace only. */
  private static boolean copyIsMounted(Path file, LoopDevice own) throws IOException {
    Stream<Path> mounted = Mounts.table().stream().filter(entry -> entry.filesystem().equals("xfs")).map(entry -> Path.of(entry.source()));
    Stream<Path> bound = LoopDevices.bound().stream().map(binding -> binding.device().path());
    for (Path device : Stream.concat(mounted, bound).filter(each -> !each.equals(own.path())).distinct().toList()) {
      if (hasUuidOf(file, device)) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasUuidOf(Path file, Path device) throws IOException {
    try {
      return GrowingXfs.uuid(device).equals(GrowingXfs.uuid(file));
    } catch (FileSystemException | UnsoundFilesystem e) {
      // Gone by now, no XFS, or not for us to read.
      return false;
    }
  }

  private static VolumeException copyOfOpenPool(String action, Path file, ErrnoException cause) {
    return new VolumeException.AlreadyExists(action, "a pool with the id of " + file + " is mounted on this host: one is a copy of the other",
        "Close that one first; of a pool and its copy only one may be used", cause);
  }

  /** Makes device and filesystem as large as the file, if they are not: also what a process that died while growing left. */
  void fillDevice() throws IOException {
    LoopDevices.refreshCapacity(device);
    Failpoint.POOL_GROW_CAPACITY.reach();
    long filesystem = FileOps.space(target).total() + GrowingXfs.logBytes(file);
    if (Files.size(file) - filesystem > TAIL_BYTES_MAX) {
      Filesystem.of(FilesystemType.XFS).grow(device.path(), target);
    }
  }

  /** Unmounts it when nobody uses it; the device goes with the last mount. Otherwise it stays as it is. */
  void release() throws IOException {
    try {
      for (Optional<Mounts.Entry> top = topmost(target); top.isPresent() && isOf(device, top.get()); top = topmost(target)) {
        Mounts.unmount(target);
      }
      Failpoint.POOL_FILE_UNMOUNTED.reach();
    } catch (ErrnoException e) {
      if (!e.is(Errno.EBUSY)) {
        throw e;
      }
    }
  }
}
