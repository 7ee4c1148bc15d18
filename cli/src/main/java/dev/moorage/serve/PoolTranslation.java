package dev.moorage.serve;

import dev.moorage.config.Configuration;
import dev.moorage.config.PoolConfiguration;
import dev.moorage.config.PoolFileConfiguration;
import dev.moorage.pool.PoolFileSettings;
import dev.moorage.pool.PoolSettings;
import dev.moorage.storage.StorageSettings;

/** What the configuration says, in the words of the storage. */
final class PoolTranslation {

  private PoolTranslation() {}

  static StorageSettings of(Configuration configuration) {
    return new StorageSettings(configuration.pools().stream().map(PoolTranslation::of).toList(), configuration.runDir());
  }

  static PoolSettings of(PoolConfiguration pool) {
    PoolFileConfiguration file = pool.poolFile();
    return new PoolSettings(pool.name(), pool.path(), pool.backends(), pool.overcommit(), pool.defaultSize(), pool.trashRetention(),
        new PoolFileSettings(file.initial(), file.headroom(), file.step(), file.hostReserve()));
  }
}
