package dev.moorage.cli;

import dev.moorage.config.Configuration;
import dev.moorage.config.ConfigurationException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The flags that make a configuration: those of the service, which the doctor understands too. */
final class ServeFlags {

  @Option(names = "--config", paramLabel = "FILE", description = "Default: " + Configuration.DEFAULT_FILE + ", if there is one.")
  String config = "";

  @Option(names = "--pool", paramLabel = "[NAME=]DIR",
      description = "A pool; may be repeated, the first is the default. Default: " + Configuration.DEFAULT_POOL_PATH + ".")
  List<String> pools = List.of();

  @Option(names = "--pool-backends", paramLabel = "BACKENDS",
      description = "What may keep volumes in the pools: image,directory or one of them.")
  String poolBackends = "";

  @Option(names = "--docker-socket", paramLabel = "PATH",
      description = "Default: " + Configuration.DEFAULT_DOCKER_SOCKET + "; 'none' serves no Docker.")
  String dockerSocket = "";

  @Option(names = "--run-dir", paramLabel = "DIR", description = "What dies with the machine. Default: " + Configuration.DEFAULT_RUN_DIR + ".")
  String runDir = "";

  @Option(names = "--log-level", paramLabel = "LEVEL", description = "error, warning, info (default) or debug.")
  String logLevel = "";

  /** The configuration, or empty after every problem with it was printed. */
  Optional<Configuration> read(MoorageCommand root, String doing) {
    Map<String, List<String>> flags = new HashMap<>();
    flags.put("pool", pools);
    addIfGiven(flags, "config", config);
    addIfGiven(flags, "pool-backends", poolBackends);
    addIfGiven(flags, "docker-socket", dockerSocket);
    addIfGiven(flags, "admin-socket", root.adminSocket);
    addIfGiven(flags, "run-dir", runDir);
    addIfGiven(flags, "log-level", logLevel);
    try {
      return Optional.of(Configuration.load(root.environment(), flags));
    } catch (ConfigurationException e) {
      root.terminal().err().println("moorage: cannot " + doing + ": the configuration is wrong in "
          + (e.problems().size() == 1 ? "one place" : e.problems().size() + " places") + ":");
      e.problems().forEach(problem -> root.terminal().err().println("  " + problem));
      return Optional.empty();
    }
  }

  private static void addIfGiven(Map<String, List<String>> flags, String word, String value) {
    if (!value.isEmpty()) {
      flags.put(word, List.of(value));
    }
  }
}
