package dev.moorage.config;

import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.PoolName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One pool as the operator describes it.
 *
 * @param backends which may keep volumes there; the first is the default one
 * @param overcommit how many times the pool's bytes may be promised; empty: 1 for a pool that the operator made, 100 for the automatic pool file
 * @param defaultSize the size of a volume whose creator names none
 * @param trashRetention how long what was deleted can be brought back
 */
public record PoolConfiguration(
    PoolName name,
    Path path,
    List<BackendKind> backends,
    Optional<Double> overcommit,
    ByteSize defaultSize,
    Duration trashRetention,
    PoolFileConfiguration poolFile) {

  public static final String DEFAULT_NAME = "default";

  public PoolConfiguration {
    backends = List.copyOf(backends);
  }

  static PoolConfiguration defaults() {
    return at(new PoolName(DEFAULT_NAME), Path.of(Configuration.DEFAULT_POOL_PATH));
  }

  /** A pool of which only the name and the directory are given. */
  public static PoolConfiguration at(PoolName name, Path path) {
    return new PoolConfiguration(name, path, List.of(BackendKind.IMAGE, BackendKind.DIRECTORY), Optional.empty(),
        ByteSize.ofGibibytes(10), Duration.ofHours(24), PoolFileConfiguration.DEFAULT);
  }

  PoolConfiguration withPath(Path newPath) {
    return new PoolConfiguration(name, newPath, backends, overcommit, defaultSize, trashRetention, poolFile);
  }

  PoolConfiguration withBackends(List<BackendKind> newBackends) {
    return new PoolConfiguration(name, path, newBackends, overcommit, defaultSize, trashRetention, poolFile);
  }
}
