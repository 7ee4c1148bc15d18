package dev.moorage.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.config.Configuration;
import dev.moorage.config.ConfigurationException;
import dev.moorage.config.PoolConfiguration;
import dev.moorage.pool.PoolSettings;
import dev.moorage.storage.HostName;
import dev.moorage.storage.StorageSettings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StorageTranslationTest {

  @Test
  void theDefaultsOfTheConfigurationAreThoseOfThePoolAndTheStorage() {
    PoolConfiguration pool = Configuration.defaults().pools().getFirst();
    assertThat(StorageTranslation.of(pool)).isEqualTo(PoolSettings.at(pool.name(), pool.path()));
    assertThat(StorageTranslation.of(Configuration.defaults()).runDirectory()).isEqualTo(StorageSettings.RUN_DIRECTORY);
  }

  @Test
  void theHostOfSnapshotsIsTheNodeThatKubernetesKnowsAndNotThePod() throws ConfigurationException {
    Configuration node = Configuration.load(Map.of(), Map.of("csi-socket", List.of("/run/csi.sock"), "node-id", List.of("node-1")));
    assertThat(StorageTranslation.of(node).host()).isEqualTo("node-1");
    assertThat(StorageTranslation.of(Configuration.defaults()).host()).isEqualTo(HostName.ofMachine());
  }
}
