package dev.moorage.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.config.Configuration;
import dev.moorage.config.PoolConfiguration;
import dev.moorage.pool.PoolSettings;
import dev.moorage.storage.StorageSettings;
import org.junit.jupiter.api.Test;

final class PoolTranslationTest {

  @Test
  void theDefaultsOfTheConfigurationAreThoseOfThePoolAndTheStorage() {
    PoolConfiguration pool = Configuration.defaults().pools().getFirst();
    assertThat(PoolTranslation.of(pool)).isEqualTo(PoolSettings.at(pool.name(), pool.path()));
    assertThat(PoolTranslation.of(Configuration.defaults()).runDirectory()).isEqualTo(StorageSettings.RUN_DIRECTORY);
  }
}
