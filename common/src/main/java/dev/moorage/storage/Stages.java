package dev.moorage.storage;

import dev.moorage.catalog.Catalog;
import dev.moorage.failpoint.Failpoint;
import dev.moorage.filesystem.Filesystem;
import dev.moorage.linux.LoopDevice;
import dev.moorage.linux.Mounts;
import dev.moorage.volume.Access;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.InUse;
import dev.moorage.volume.VolumeException.Unavailable;
import dev.moorage.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Volumes of one pool that are attached and mounted on this host, each once, at {@code RUN/POOL/stage/VOLUME}. What is mounted is
 * read from the kernel; the map in memory only answers requests that must not wait. Callers hold the volume's lock.
 */
final class Stages {

  private final Path directory;
  private final Catalog catalog;
  private final Journal journal;
  private final ConcurrentMap<VolumeId, Path> staged = new ConcurrentHashMap<>();

  Stages(Path directory, Catalog catalog, Journal journal) {
    this.directory = directory;
    this.catalog = catalog;
    this.journal = journal;
  }

  /** Where it is staged, from memory. */
  Optional<Path> mountPoint(VolumeId id) {
    return Optional.ofNullable(staged.get(id));
  }

  /** Where its filesystem can be frozen or flushed: empty for raw devices. */
  Optional<Path> filesystem(Volume volume) {
    return volume.spec().access() == Access.BLOCK ? Optional.empty() : mountPoint(volume.id());
  }

  /** Where its own filesystem is mounted: empty for raw devices and for trees, which share the pool's. */
  Optional<Path> deviceFilesystem(Volume volume) {
    return isFilesystem(volume) ? mountPoint(volume.id()) : Optional.empty();
  }

  /** Whether it has a filesystem of its own inside. */
  boolean isFilesystem(Volume volume) {
    return mount(volume).isDeviceFilesystem();
  }

  /** The volumes that are staged; a live set. */
  Collection<VolumeId> volumes() {
    return staged.keySet();
  }

  /** Whether a staged volume is mounted there. */
  boolean isTarget(Path path) {
    return staged.containsValue(path);
  }

  private Path target(VolumeId id) {
    return directory.resolve(id.toString());
  }

  private StageMount mount(Volume volume) {
    return new StageMount(catalog.backend(volume.spec().backend()), catalog.home(volume), volume.spec(), target(volume.id()));
  }

  /** Attaches and mounts it unless the kernel says that it is, and finishes a growth that was not finished. */
  Path stage(String action, Volume volume) throws VolumeException {
    StageMount mount = mount(volume);
    try {
      if (!mount.isWhole()) {
        RunDirectories.make(directory);
        mount.make(isSmaller(volume));
      }
      staged.put(volume.id(), mount.target());
      Failpoint.STAGE_MOUNTED.reach();
    } catch (IOException e) {
      throw HostFailure.during(action, e);
    }
    finishGrowth(volume);
    return mount.target();
  }

  /** The data can be used at its old size, so a growth that fails now is only noted; the next stage tries again. */
  private void finishGrowth(Volume volume) {
    try {
      growFilesystem(volume);
    } catch (VolumeException e) {
      journal.noteError(volume.id(), e);
    }
  }

  /** Grows the filesystem of a staged volume to the volume's size; nothing to do is success. */
  Volume growFilesystem(Volume volume) throws VolumeException {
    Path target = staged.get(volume.id());
    if (target == null || !isSmaller(volume)) {
      return volume;
    }
    String action = "grow the filesystem of volume " + volume.name();
    if (mount(volume).isDeviceFilesystem()) {
      try {
        Mounts.Entry entry = Mounts.at(target)
            .orElseThrow(() -> new Unavailable(action, "its mount at " + target + " is gone", "Mount it again"));
        Filesystem.of(volume.spec().filesystem()).grow(Path.of(entry.source()), target);
      } catch (IOException e) {
        throw HostFailure.during(action, e);
      }
    }
    Failpoint.GROW_FILESYSTEM_GROWN.reach();
    return catalog.update(volume.withFilesystemSize(volume.spec().size()));
  }

  /** Whether the filesystem inside is not known to be grown to the volume's size. */
  private static boolean isSmaller(Volume volume) {
    return volume.filesystemSize().compareTo(volume.spec().size()) < 0;
  }

  /** Whether something beside our own stage uses it: a container, another mount of it. */
  boolean isUsedBeside(String action, VolumeId id) throws VolumeException {
    try {
      Optional<Mounts.Entry> entry = Mounts.at(target(id));
      return entry.isPresent() && Mounts.mountedBeside(entry.get());
    } catch (IOException e) {
      throw HostFailure.during(action, e);
    }
  }

  /**
   * Unmounts and detaches it when nobody else uses it; the device decides. Otherwise it stays staged, so that snapshots and
   * growth still reach its filesystem.
   *
   * @return whether it is released
   * @throws VolumeException.InUse when a process of this host has something of the stage itself open
   */
  boolean release(String action, Volume volume) throws VolumeException {
    StageMount mount = mount(volume);
    try {
      if (!mount.release()) {
        mount.make(isSmaller(volume));
        return false;
      }
      staged.remove(volume.id());
      Failpoint.RELEASE_UNMOUNTED.reach();
      return true;
    } catch (IOException e) {
      throw HostFailure.during(action, e);
    }
  }

  /**
   * The refusal of what needs a volume that nobody uses, when {@link #release} did not come about. Who has bound a loop device of its own
   * to the volume's is named: no container shows it, and it stays until the machine is started anew.
   */
  InUse inUse(String action, Volume volume, String cause, String remedy) throws VolumeException {
    try {
      Optional<Path> above = mount(volume).loopAbove().map(LoopDevice::path);
      return above.isEmpty() ? new InUse(action, cause, remedy)
          : new InUse(action, "its device is held by " + above.get() + ", which another program has bound to it, such as a kubelet that ended since",
              "When nothing on this host uses that, run here: losetup --detach " + above.get());
    } catch (IOException e) {
      throw HostFailure.during(action, e);
    }
  }

  /** A stage that was found mounted when the storage was opened. */
  void adopt(Volume volume) throws IOException {
    StageMount mount = mount(volume);
    if (mount.isWhole()) {
      mount.thaw();
      staged.put(volume.id(), mount.target());
    } else {
      Mounts.unmount(mount.target());
    }
  }
}
