package dev.moorage.storage;

import dev.moorage.objectstore.ObjectStores;
import dev.moorage.pool.PoolSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a storage needs to know. The first pool is the default one; without any, there is only what repositories have.
 * {@code runDirectory} holds what dies with the machine: stage mount
 * points, the reference table; everything in it is below a directory per pool id, so that several services may share it.
 *
 * @param repositories those of the configuration; their names are distinct
 * @param stores opens their object stores
 * @param host what remote snapshots say of where they were cut
 */
public record StorageSettings(
    List<PoolSettings> pools, Path runDirectory, List<RepositorySettings> repositories, ObjectStores stores, String host) {

  public static final Path RUN_DIRECTORY = Path.of("/run/moorage");

  public StorageSettings {
    pools = List.copyOf(pools);
    repositories = List.copyOf(repositories);
  }

  /** With the name that this machine has. */
  public StorageSettings(List<PoolSettings> pools, Path runDirectory, List<RepositorySettings> repositories, ObjectStores stores) {
    this(pools, runDirectory, repositories, stores, HostName.ofMachine());
  }

  /** Without repositories of the configuration; those that are made later are in local directories. */
  public StorageSettings(List<PoolSettings> pools, Path runDirectory, String host) {
    this(pools, runDirectory, List.of(), new ObjectStores(Map.of()), host);
  }

  /** The same, with the name that this machine has. */
  public StorageSettings(List<PoolSettings> pools, Path runDirectory) {
    this(pools, runDirectory, HostName.ofMachine());
  }
}
