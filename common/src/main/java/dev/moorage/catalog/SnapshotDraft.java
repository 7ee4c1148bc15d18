package dev.moorage.catalog;

import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.VolumeId;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One snapshot to be cut.
 *
 * @param id drawn by the caller
 * @param volume a living volume of the pool
 * @param name free among the living snapshots of that volume
 * @param mountPoint where the volume is mounted on this host, if it is
 */
public record SnapshotDraft(SnapshotId id, VolumeId volume, SnapshotName name, Optional<Path> mountPoint) {}
