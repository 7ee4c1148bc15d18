package dev.moorage.backend;

/** A power that a backend may have; {@code Storage} asks before it calls. */
public enum BackendFeature {
  /** Volumes can be given as raw devices. */
  BLOCK_ACCESS,
  /** {@link VolumeBackend#cut}, {@link VolumeBackend#replace} and {@link Origin.CloneOf} a snapshot. */
  SNAPSHOT,
  /** {@link Origin.CloneOf} a volume. */
  CLONE,
  /** {@link VolumeBackend#grow} while attached. */
  GROW_ONLINE,
  /** A volume can never hold more than its size. */
  HARD_CAPACITY,
  /** {@link VolumeBackend#raw}, {@link Origin.RestoreTarget} and changed ranges between two snapshots. */
  CHANGED_RANGES,
  /** Volumes can claim all their bytes when made. */
  PREALLOCATE
}
