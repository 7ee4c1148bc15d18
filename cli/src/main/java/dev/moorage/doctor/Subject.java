package dev.moorage.doctor;

import dev.moorage.client.AdminClient;
import dev.moorage.client.ClientException;
import dev.moorage.config.Configuration;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is examined: the pools, the plugin's socket and the run directory of the running service, or those of the configuration
 * when none answers. A service may have been started with flags that the doctor was not given.
 */
record Subject(List<PoolPlace> pools, Optional<Path> dockerSocket, Path runDir) {

  /** Asks the service; one that does not answer is told of by another check. */
  static Subject of(Configuration configuration, AdminClient service) {
    try {
      List<PoolPlace> pools = service.get("/v1/pools").getJsonArray("pools").getValuesAs(JsonObject.class).stream()
          .map(PoolPlace::served).toList();
      JsonObject served = service.get("/v1/version");
      // A service of before an update does not tell where they are.
      Optional<Path> docker = served.containsKey("dockerSocket") ? path(served, "dockerSocket") : configuration.dockerSocket();
      return new Subject(pools, docker, path(served, "runDir").orElse(configuration.runDir()));
    } catch (ClientException noAnswer) {
      return new Subject(configuration.pools().stream().map(PoolPlace::configured).toList(),
          configuration.dockerSocket(), configuration.runDir());
    }
  }

  private static Optional<Path> path(JsonObject served, String field) {
    return served.get(field) instanceof JsonString text ? Optional.of(Path.of(text.getString())) : Optional.empty();
  }
}
