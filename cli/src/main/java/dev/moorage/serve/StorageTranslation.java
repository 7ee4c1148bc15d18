package dev.moorage.serve;

import dev.moorage.config.Configuration;
import dev.moorage.config.PoolConfiguration;
import dev.moorage.config.PoolFileConfiguration;
import dev.moorage.config.RepositoryConfiguration;
import dev.moorage.objectstore.ObjectStores;
import dev.moorage.pool.PoolFileSettings;
import dev.moorage.pool.PoolSettings;
import dev.moorage.repository.key.SlotKind;
import dev.moorage.storage.HostName;
import dev.moorage.storage.RepositorySettings;
import dev.moorage.storage.SecretFile;
import dev.moorage.storage.StorageSettings;
import java.util.List;

/** What the configuration says, in the words of the storage. */
final class StorageTranslation {

  private StorageTranslation() {}

  static StorageSettings of(Configuration configuration) {
    return new StorageSettings(configuration.pools().stream().map(StorageTranslation::of).toList(), configuration.runDir(),
        configuration.repositories().stream().map(StorageTranslation::of).toList(), ObjectStores.installed(), host(configuration));
  }

  /** What snapshots remember as their host. In a pod the machine calls itself by the name of the pod, which is another one every time. */
  private static String host(Configuration configuration) {
    String node = configuration.csi().nodeId();
    return configuration.csi().socket().isEmpty() || node.isEmpty() ? HostName.ofMachine() : node;
  }

  /** With the repositories only. */
  static StorageSettings withoutPools(Configuration configuration) {
    return new StorageSettings(List.of(), configuration.runDir(),
        configuration.repositories().stream().map(StorageTranslation::of).toList(), ObjectStores.installed());
  }

  static PoolSettings of(PoolConfiguration pool) {
    PoolFileConfiguration file = pool.poolFile();
    return new PoolSettings(pool.name(), pool.path(), pool.backends(), pool.overcommit(), pool.defaultSize(), pool.trashRetention(),
        new PoolFileSettings(file.initial(), file.headroom(), file.step(), file.hostReserve()));
  }

  private static RepositorySettings of(RepositoryConfiguration repository) {
    SecretFile secret = repository.passphraseFile().map(path -> new SecretFile(SlotKind.PASSPHRASE, path))
        .orElseGet(() -> new SecretFile(SlotKind.KEY_FILE, repository.keyFile().orElseThrow()));
    return new RepositorySettings(repository.name(), repository.location(), repository.options(), secret, repository.uploadLimit(),
        repository.downloadLimit(), repository.dedup());
  }
}
