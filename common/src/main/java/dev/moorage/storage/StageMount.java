package dev.moorage.storage;

import dev.moorage.backend.Attachment;
import dev.moorage.backend.DataState;
import dev.moorage.backend.Home;
import dev.moorage.backend.VolumeBackend;
import dev.moorage.failpoint.Failpoint;
import dev.moorage.filesystem.Filesystem;
import dev.moorage.linux.Capability;
import dev.moorage.linux.Errno;
import dev.moorage.linux.ErrnoException;
import dev.moorage.linux.FileOps;
import dev.moorage.linux.LoopDevice;
import dev.moorage.linux.LoopDevices;
import dev.moorage.linux.Mounts;
import dev.moorage.volume.Access;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * The one mount by which a volume is staged, whatever it is made of: its filesystem, the directory tree of the {@code directory} backend
 * bound, or for raw access a small filesystem in memory that holds the device node (the run directory may be mounted nodev).
 * So a volume is staged exactly while the kernel has a mount at its target.
 */
record StageMount(VolumeBackend backend, Home home, VolumeSpec spec, Path target) {

  private static final System.Logger LOG = System.getLogger(StageMount.class.getName());
  /** The name of the device in the stage of a volume with raw access. */
  static final String NODE = "device";
  /** How long a device may take to go after its last user has, for instance while udev still looks at it. */
  private static final int SETTLE_CHECKS_MAX = 100;
  private static final long SETTLE_NANOS = Duration.ofMillis(2).toNanos();

  /** Whether it is mounted and, for raw access, has its node: a process may have died between the two. */
  boolean isWhole() throws IOException {
    return Mounts.at(target).isPresent() && (spec.access() == Access.FILESYSTEM || Files.exists(target.resolve(NODE)));
  }

  /** Whether a filesystem of its own is mounted, on a device. */
  boolean isDeviceFilesystem() {
    return spec.access() == Access.FILESYSTEM && spec.backend() != BackendKind.DIRECTORY;
  }

  /**
   * Attaches and mounts; when it fails, nothing stays mounted.
   *
   * @param smaller whether the filesystem inside may be smaller than the device
   */
  void make(boolean smaller) throws IOException, VolumeException {
    RunDirectories.make(target);
    if (Mounts.at(target).isPresent()) {
      Mounts.unmount(target);
    }
    try (Attachment attachment = backend.attach(home, spec)) {
      Failpoint.STAGE_ATTACHED.reach();
      switch (attachment) {
        case Attachment.Tree tree -> Mounts.bind(tree.path(), target, false);
        case Attachment.Device device -> mount(device, smaller);
      }
    }
  }

  private void mount(Attachment.Device device, boolean smaller) throws IOException {
    switch (spec.access()) {
      case FILESYSTEM -> {
        Filesystem filesystem = Filesystem.of(spec.filesystem());
        if (smaller) {
          growBeforeMount(filesystem, device.path());
        }
        Mounts.mount(device.path(), target, filesystem.type().word(), Set.of(), filesystem.mountOptions(false, spec.preallocated()));
      }
      case BLOCK -> mountNode(device.path());
    }
  }

  /** Where the kernel would not let us grow it once it is mounted. A failure leaves it to be mounted at the size it has. */
  private static void growBeforeMount(Filesystem filesystem, Path device) throws IOException {
    if (Capability.SYS_RESOURCE.isEffective() || !LoopDevices.isIdle(loop(device))) {
      return;
    }
    try {
      boolean grown = filesystem.growUnmounted(device);
      LOG.log(System.Logger.Level.DEBUG, () -> device + (grown ? " was grown before it is mounted" : " grows once it is mounted"));
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "the filesystem on " + device + " cannot be grown before it is mounted", e);
    }
  }

  private void mountNode(Path device) throws IOException {
    Mounts.mount(Path.of("moorage"), target, "tmpfs", Set.of(Mounts.Flag.NO_SUID), "size=64k,mode=0755");
    Failpoint.STAGE_NODE_MOUNTED.reach();
    boolean made = false;
    try {
      FileOps.makeBlockNode(target.resolve(NODE), loop(device));
      made = true;
    } finally {
      if (!made) {
        Mounts.unmount(target);
      }
    }
  }

  private static LoopDevice loop(Path device) {
    return new LoopDevice(Integer.parseInt(device.getFileName().toString().replaceFirst("^loop", "")));
  }

  /**
   * Unmounts it, then lets go of the device.
   *
   * @return false when somebody else still uses the data; it may be unmounted then
   */
  boolean release() throws IOException, VolumeException {
    Optional<Mounts.Entry> mounted = Mounts.at(target);
    if (mounted.isPresent()) {
      // A tree has no device that could say afterwards who uses it, so the mount tables are asked before.
      if (spec.backend() == BackendKind.DIRECTORY && Mounts.mountedBeside(mounted.get())) {
        return false;
      }
      Mounts.unmount(target);
    }
    RunDirectories.removeEmpty(target);
    backend.detach(home);
    return isReleased();
  }

  private boolean isReleased() throws VolumeException {
    for (int check = 0; check < SETTLE_CHECKS_MAX; check++) {
      DataState state = backend.inspect(home);
      // Users of a raw device need not open it exclusively, so there only the kernel's own detaching shows that none is left.
      if (state.device().isEmpty() || (spec.access() == Access.FILESYSTEM && state.idle())) {
        return true;
      }
      if (spec.access() == Access.FILESYSTEM && check > 0) {
        return false;
      }
      LockSupport.parkNanos(SETTLE_NANOS);
    }
    return false;
  }

  /** The loop device that somebody else has bound to the device, and so keeps it. */
  Optional<LoopDevice> loopAbove() throws IOException, VolumeException {
    Optional<Path> device = backend.inspect(home).device();
    return device.isEmpty() ? Optional.empty() : LoopDevices.above(loop(device.get()));
  }

  /** Ends a freeze that a dead process left behind. */
  void thaw() throws IOException {
    if (!isDeviceFilesystem()) {
      return;
    }
    try {
      FileOps.thaw(target);
    } catch (ErrnoException e) {
      if (!e.is(Errno.EINVAL)) {
        throw e;
      }
    }
  }
}
