package dev.moorage.pool;

import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.PoolName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What an operator says about a pool; everything has a default.
 *
 * @param name its name on this host
 * @param root the directory that the operator names; the pool's own directory is this one, or the mount of the automatic
 *     pool file beneath it
 * @param backends which backends may keep volumes here, the first being the default; without {@code image} no pool file is
 *     made and any filesystem will do
 * @param overcommit how many times the pool's bytes may be promised; empty means what was asked for when the pool was made, or else
 *     1.0 for a pool that the operator made and {@link #AUTOMATIC_OVERCOMMIT} for the automatic pool file
 * @param defaultSize the size of a volume whose creator names none
 * @param trashRetention how long deleted volumes and snapshots can be undone
 * @param file how the automatic pool file begins and grows
 */
public record PoolSettings(
    PoolName name,
    Path root,
    List<BackendKind> backends,
    Optional<Double> overcommit,
    ByteSize defaultSize,
    Duration trashRetention,
    PoolFileSettings file) {

  public static final double AUTOMATIC_OVERCOMMIT = 100.0;
  public static final ByteSize DEFAULT_SIZE = ByteSize.ofGibibytes(10);
  public static final Duration DEFAULT_TRASH_RETENTION = Duration.ofHours(24);

  public PoolSettings {
    backends = List.copyOf(backends);
  }

  public static PoolSettings at(PoolName name, Path root) {
    return new PoolSettings(name, root, List.of(BackendKind.IMAGE, BackendKind.DIRECTORY), Optional.empty(), DEFAULT_SIZE,
        DEFAULT_TRASH_RETENTION, PoolFileSettings.DEFAULT);
  }
}
