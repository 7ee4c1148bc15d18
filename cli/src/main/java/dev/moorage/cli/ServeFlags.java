package dev.moorage.cli;

import dev.moorage.config.Configuration;
import dev.moorage.config.ConfigurationException;
import dev.moorage.config.CsiConfiguration;
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

  @Option(names = "--docker-managed", description = "dockerd runs this as its managed plugin.")
  boolean dockerManaged;

  @Option(names = "--csi-socket", paramLabel = "PATH", description = "Serve Kubernetes there, as a CSI driver. Default: none.")
  String csiSocket = "";

  @Option(names = "--node-id", paramLabel = "NAME", description = "What Kubernetes calls this node; needed with --csi-socket.")
  String nodeId = "";

  @Option(names = "--csi-cluster", paramLabel = "NAME",
      description = "The owner of the cluster's volumes. Default: " + CsiConfiguration.DEFAULT_CLUSTER + ".")
  String csiCluster = "";

  @Option(names = "--csi-volumes-max", paramLabel = "NUMBER", description = "How many volumes the scheduler may put here. Default: no limit.")
  String csiVolumesMax = "";

  @Option(names = "--csi-registration", paramLabel = "PATH",
      description = "A socket in the kubelet's directory of plugins, by which the driver registers itself. Default: none.")
  String csiRegistration = "";

  @Option(names = "--csi-listen", paramLabel = "HOST:PORT",
      description = "Let the router of the cluster command this node there, over mutual TLS. Default: none.")
  String csiListen = "";

  @Option(names = "--csi-tls", paramLabel = "DIR",
      description = "The directory with ca.crt, tls.crt and tls.key for that; the port opens when they are there.")
  String csiTls = "";

  @Option(names = "--controller", description = "Be the router of a cluster: no pools, no Docker; calls go to the nodes they are for.")
  boolean controller;

  @Option(names = "--health-listen", paramLabel = "HOST:PORT",
      description = "Answer /livez, /readyz and /metrics there, by HTTP, to anybody. Default: none.")
  String healthListen = "";

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
    addIfGiven(flags, "docker-managed", dockerManaged ? "true" : "");
    addIfGiven(flags, "csi-socket", csiSocket);
    addIfGiven(flags, "node-id", nodeId);
    addIfGiven(flags, "csi-cluster", csiCluster);
    addIfGiven(flags, "csi-volumes-max", csiVolumesMax);
    addIfGiven(flags, "csi-registration", csiRegistration);
    addIfGiven(flags, "csi-listen", csiListen);
    addIfGiven(flags, "csi-tls", csiTls);
    addIfGiven(flags, "controller", controller ? "true" : "");
    addIfGiven(flags, "health-listen", healthListen);
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
