package dev.moorage.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.config.Configuration;
import dev.moorage.config.PoolConfiguration;
import dev.moorage.pool.PoolSettings;
import dev.moorage.storage.StorageSettings;
import org.junit.jupiter.api.Test;

final class StorageTranslationTest {

  @Test
  void theDefaultsOfTheConfigurationAreThoseOfThePoolAndTheStorage() {
    PoolConfiguration pool = Configuration.defaults().pools().getFirst();
    assertThat(StorageTranslation.of(pool)).isEqualTo(PoolSettings.at(pool.name(), pool.path()));
    assertThat(StorageTranslation.of(Configuration.defaults()).runDirectory()).isEqualTo(StorageSettings.RUN_DIRECTORY);
  }
}
