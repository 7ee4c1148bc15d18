package dev.moorage.storage;

import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeId;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Who uses which volume on this host. A volume is staged (attached and mounted) once, whatever the number of consumers, and
 * released when none is left and nobody uses its device. The table is kept in the run directory, so it outlives this
 * process and dies with the machine. The reference rule for Docker is that of the facts about docker, section 4, with the
 * design's addition.
 */
public final class Publications {

  Publications() {}

  /**
   * Stages the volume and adds the consumer. A failure, or a success after the caller's deadline, adds nothing.
   *
   * @return for filesystem access the mounted root; for block access a directory whose only entry, {@code device}, is the device
   */
  public Path mount(Caller caller, VolumeRef ref, Consumer consumer) throws VolumeException {
    throw new AssertionError("BUG: replaced by the storage room");
  }

  /** Takes the consumer away; an unknown one is success. Releases the volume when it was the last. */
  public void unmount(Caller caller, VolumeRef ref, Consumer consumer) throws VolumeException {
    throw new AssertionError("BUG: replaced by the storage room");
  }

  /** Where it is staged, from memory. */
  public Optional<Path> mountPoint(VolumeId id) {
    throw new AssertionError("BUG: replaced by the storage room");
  }

  /** dockerd has started anew: references from before may be stale. */
  public void newDockerEpoch() throws VolumeException {
    throw new AssertionError("BUG: replaced by the storage room");
  }
}
