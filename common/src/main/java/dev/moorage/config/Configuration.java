package dev.moorage.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code moorage serve} is told, from the configuration file, the environment and the command line; later ones win.
 * The same word is a key of the file ({@code admin-socket}), a flag ({@code --admin-socket}) and a variable ({@code MOORAGE_ADMIN_SOCKET}).
 *
 * @param adminSocket where the command line finds the service
 * @param dockerSocket where dockerd finds it; empty when Docker is not served
 * @param dockerManaged whether dockerd runs this as its managed plugin: it then starts us when it starts, and tells us nothing
 * @param csi how Kubernetes is served
 * @param healthListen where anybody may ask by HTTP how the service is, and for its metrics; empty when nobody may
 * @param runDir what dies with the machine: stage mount points and the table of references
 * @param logLevel what is logged
 * @param pools at least one; the first is the default one
 * @param repositories those of the file; others may be made or added at run time
 */
public record Configuration(
    Path adminSocket,
    Optional<Path> dockerSocket,
    boolean dockerManaged,
    CsiConfiguration csi,
    Optional<ListenAddress> healthListen,
    Path runDir,
    LogLevel logLevel,
    List<PoolConfiguration> pools,
    List<RepositoryConfiguration> repositories) {

  public static final String DEFAULT_FILE = "/etc/moorage/moorage.yaml";
  public static final String DEFAULT_ADMIN_SOCKET = "/run/moorage/admin.sock";
  public static final String DEFAULT_DOCKER_SOCKET = "/run/docker/plugins/moorage.sock";
  public static final String DEFAULT_RUN_DIR = "/run/moorage";
  public static final String DEFAULT_POOL_PATH = "/var/lib/moorage";

  public Configuration {
    pools = List.copyOf(pools);
    repositories = List.copyOf(repositories);
  }

  /** What is in force when nobody says anything. */
  public static Configuration defaults() {
    return new Configuration(Path.of(DEFAULT_ADMIN_SOCKET), Optional.of(Path.of(DEFAULT_DOCKER_SOCKET)), false,
        CsiConfiguration.DEFAULT, Optional.empty(), Path.of(DEFAULT_RUN_DIR), LogLevel.INFO, List.of(PoolConfiguration.defaults()), List.of());
  }

  /**
   * Reads everything and checks everything.
   *
   * @param flags from the command line, by the word of the key; {@code config} names the file
   * @throws ConfigurationException with all problems at once
   */
  public static Configuration load(Map<String, String> environment, Map<String, List<String>> flags) throws ConfigurationException {
    return new ConfigurationReader(environment, flags).read();
  }
}
