package dev.moorage.cli;

import dev.moorage.config.Configuration;
import dev.moorage.config.ConfigurationException;
import dev.moorage.serve.CannotServe;
import dev.moorage.serve.Lifetime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code moorage serve}. What it starts is named only in the body of its call, so that help and completion load none of it. */
@Command(name = "serve", description = {
    "Run the service in the foreground, until SIGTERM or SIGINT. Volumes in use stay mounted.",
    "It prints one line beginning with 'ready' when its sockets answer. docs/configuration.md describes every setting."})
final class ServeCommand implements Callable<Integer> {

  private final MoorageCommand root;

  @Option(names = "--config", paramLabel = "FILE",
      description = "Default: " + Configuration.DEFAULT_FILE + ", if there is one.")
  String config = "";

  @Option(names = "--pool", paramLabel = "[NAME=]DIR",
      description = "A pool; the first one is the default. Default: " + Configuration.DEFAULT_POOL_PATH + ".")
  List<String> pools = List.of();

  @Option(names = "--pool-backends", paramLabel = "BACKENDS",
      description = "What may keep volumes in the pools: image,directory or one of them.")
  String poolBackends = "";

  @Option(names = "--docker-socket", paramLabel = "PATH",
      description = "Default: " + Configuration.DEFAULT_DOCKER_SOCKET + "; 'none' serves no Docker.")
  String dockerSocket = "";

  @Option(names = "--run-dir", paramLabel = "DIR",
      description = "What dies with the machine. Default: " + Configuration.DEFAULT_RUN_DIR + ".")
  String runDir = "";

  @Option(names = "--log-level", paramLabel = "LEVEL", description = "error, warning, info (default) or debug.")
  String logLevel = "";

  ServeCommand(MoorageCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    try {
      Configuration configuration = Configuration.load(root.environment(), flags());
      Lifetime.serve(configuration, Version.current(), root.environment(), root.clock(), root.terminal().out(), root.terminal().err());
      return ExitCode.OK;
    } catch (ConfigurationException e) {
      root.terminal().err().println("moorage: cannot start: the configuration is wrong in "
          + (e.problems().size() == 1 ? "one place" : e.problems().size() + " places") + ":");
      e.problems().forEach(problem -> root.terminal().err().println("  " + problem));
      return ExitCode.USAGE;
    } catch (CannotServe e) {
      root.terminal().err().println("moorage: " + e.getMessage());
      return ExitCode.FAILED;
    }
  }

  private Map<String, List<String>> flags() {
    Map<String, List<String>> flags = new HashMap<>();
    flags.put("pool", pools);
    addIfGiven(flags, "config", config);
    addIfGiven(flags, "pool-backends", poolBackends);
    addIfGiven(flags, "docker-socket", dockerSocket);
    addIfGiven(flags, "admin-socket", root.adminSocket);
    addIfGiven(flags, "run-dir", runDir);
    addIfGiven(flags, "log-level", logLevel);
    return flags;
  }

  private static void addIfGiven(Map<String, List<String>> flags, String word, String value) {
    if (!value.isEmpty()) {
      flags.put(word, List.of(value));
    }
  }
}
