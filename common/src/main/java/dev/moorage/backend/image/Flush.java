package dev.moorage.backend.image;

import dev.moorage.backend.Home;
import dev.moorage.linux.Errno;
import dev.moorage.linux.ErrnoException;
import dev.moorage.linux.FileOps;
import dev.moorage.linux.LoopDevice;
import dev.moorage.linux.Mounts;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Brings what writers have handed to the kernel down into the image before it is cloned. A clone sees what the loop device was
 * given; what still is in the page cache of the filesystem inside, or of the device, has to be written first.
 */
final class Flush {

  private Flush() {}

  /** Flushes the mounted filesystem, or else the device if there is one. */
  static void before(String action, Home home, Optional<Path> mountPoint) throws IOException, VolumeException {
    Optional<LoopDevice> device = Image.of(home).device();
    if (mountPoint.isPresent()) {
      demandMountOf(action, device, mountPoint.get());
      FileOps.syncfs(mountPoint.get());
    } else if (device.isPresent()) {
      flush(device.get());
    }
  }

  private static void flush(LoopDevice device) throws IOException {
    try {
      FileOps.fsync(device.path());
    } catch (ErrnoException e) {
      // Released since we looked; the kernel flushed it then.
      if (!e.is(Errno.ENXIO) && !e.is(Errno.ENODEV)) {
        throw e;
      }
    }
  }

  /** A wrong path would flush, or worse freeze, some other filesystem: the pool's or the host's own. */
  private static void demandMountOf(String action, Optional<LoopDevice> device, Path mountPoint)
      throws IOException, VolumeException {
    Optional<Mounts.Entry> mount = Mounts.at(mountPoint);
    if (device.isEmpty() || mount.isEmpty() || !isOn(mount.get(), device.get())) {
      throw new VolumeException.InvalidArgument(action, "it is not mounted at " + mountPoint, "");
    }
  }

  private static boolean isOn(Mounts.Entry mount, LoopDevice device) throws IOException {
    Path block = Path.of("/sys/dev/block").resolve(mount.device());
    return Files.exists(block) && block.toRealPath().getFileName().equals(device.path().getFileName());
  }
}
