package dev.moorage.storage;

import dev.moorage.pool.PoolSettings;
import java.nio.file.Path;
import java.util.List;

/**
 * What a storage needs to know. The first pool is the default one. {@code runDirectory} holds what dies with the machine: stage mount
 * points, the reference table; everything in it is below a directory per pool id, so that several services may share it.
 *
 * @param host what remote snapshots say of where they were cut
 */
public record StorageSettings(List<PoolSettings> pools, Path runDirectory, String host) {

  public static final Path RUN_DIRECTORY = Path.of("/run/moorage");

  public StorageSettings {
    pools = List.copyOf(pools);
    if (pools.isEmpty()) {
      throw new IllegalArgumentException("at least one pool is needed");
    }
  }

  /** With the name that this machine has. */
  public StorageSettings(List<PoolSettings> pools, Path runDirectory) {
    this(pools, runDirectory, HostName.ofMachine());
  }
}
