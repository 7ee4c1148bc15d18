package dev.moorage.pool;

import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.VolumeId;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * Where things stand inside a pool's directory. A home is the directory of one volume, snapshot or view; it is built under
 * {@code tmp/}, renamed into place when whole, and renamed to {@code trash/} when deleted. All of these lie on one filesystem.
 */
public record PoolLayout(Path directory) {

  public Path record() {
    return directory.resolve("pool.json");
  }

  public Path volumes() {
    return directory.resolve("volumes");
  }

  public Path volume(VolumeId id) {
    return volumes().resolve(id.toString());
  }

  public Path snapshots() {
    return directory.resolve("snapshots");
  }

  public Path snapshot(SnapshotId id) {
    return snapshots().resolve(id.toString());
  }

  /** Snapshots kept only as the base of the next backup. */
  public Path bases() {
    return directory.resolve("bases");
  }

  /** Writable throw-away clones behind read-only mounts of snapshots, one home per snapshot that is mounted. */
  public Path views() {
    return directory.resolve("views");
  }

  public Path view(SnapshotId id) {
    return views().resolve(id.toString());
  }

  /** Persisted background jobs. */
  public Path jobs() {
    return directory.resolve("jobs");
  }

  /** Freshly formatted images that new volumes are cloned from. */
  public Path templates() {
    return directory.resolve("templates");
  }

  public Path tmp() {
    return directory.resolve("tmp");
  }

  public Path tmp(UUID id) {
    return tmp().resolve(id.toString());
  }

  public Path trash() {
    return directory.resolve("trash");
  }

  public Path trash(UUID id) {
    return trash().resolve(id.toString());
  }

  /** Every directory that a pool has from the start. */
  public List<Path> directories() {
    return List.of(volumes(), snapshots(), bases(), views(), jobs(), templates(), tmp(), trash());
  }
}
