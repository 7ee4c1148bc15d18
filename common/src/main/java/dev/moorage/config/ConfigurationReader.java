package dev.moorage.config;

import dev.moorage.volume.ByteSize;
import dev.moorage.volume.DedupScope;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.RepositoryName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads the file, then lets the environment and the flags overrule it, and collects every problem on the way. Used once. */
final class ConfigurationReader {

  private static final int FILE_BYTES_MAX = 1 << 20;

  private final Overrides overrides;
  private final List<String> problems = new ArrayList<>();

  ConfigurationReader(Map<String, String> environment, Map<String, List<String>> flags) {
    overrides = Overrides.of(environment, flags, problems);
  }

  Configuration read() throws ConfigurationException {
    Section file = new Section("", file(), problems);
    Configuration defaults = Configuration.defaults();
    Configuration configuration = new Configuration(
        overrides.read("admin-socket", Values::socket, file.read("admin-socket", Values::socket, defaults.adminSocket())),
        overrides.read("docker-socket", Values::socketOrNone,
            file.read("docker-socket", Values::socketOrNone, defaults.dockerSocket())),
        overrides.read("docker-managed", Values::yesOrNo, file.read("docker-managed", Values::yesOrNo, defaults.dockerManaged())),
        csi(file, defaults.csi()),
        overrides.read("health-listen", Values::listenOrNone,
            file.read("health-listen", Values::listenOrNone, defaults.healthListen())),
        overrides.read("run-dir", Values::absolutePath, file.read("run-dir", Values::absolutePath, defaults.runDir())),
        overrides.read("log-level", LogLevel::parse, file.read("log-level", LogLevel::parse, defaults.logLevel())),
        overrides.pools(pools(file)),
        repositories(file));
    file.finish();
    checkTogether(configuration);
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return configuration;
  }

  private CsiConfiguration csi(Section file, CsiConfiguration defaults) {
    return new CsiConfiguration(
        overrides.read("csi-socket", Values::socketOrNone, file.read("csi-socket", Values::socketOrNone, defaults.socket())),
        overrides.read("node-id", Values::nodeId, file.read("node-id", Values::nodeId, defaults.nodeId())),
        overrides.read("csi-cluster", Owner::new, file.read("csi-cluster", Owner::new, defaults.cluster())),
        overrides.read("csi-volumes-max", Values::count, file.read("csi-volumes-max", Values::count, defaults.volumesMax())),
        overrides.read("csi-registration", Values::socketOrNone,
            file.read("csi-registration", Values::socketOrNone, defaults.registration())),
        overrides.read("csi-listen", Values::listenOrNone, file.read("csi-listen", Values::listenOrNone, defaults.listen())),
        overrides.read("csi-tls", Values::absolutePathOrNone, file.read("csi-tls", Values::absolutePathOrNone, defaults.tls())),
        // Not of the file, which routers and nodes share.
        overrides.read("controller", Values::yesOrNo, defaults.controller()));
  }

  private Map<?, ?> file() {
    Optional<String> named = overrides.file();
    Path path = Path.of(named.orElse(Configuration.DEFAULT_FILE)).toAbsolutePath();
    if (named.isEmpty() && !Files.exists(path)) {
      return Map.of();
    }
    try {
      if (Files.size(path) > FILE_BYTES_MAX) {
        problems.add(path + ": larger than 1M; this is not a configuration file");
        return Map.of();
      }
      Object tree = new Load(LoadSettings.builder().setLabel(path.toString()).setMaxAliasesForCollections(10).build())
          .loadFromString(Files.readString(path));
      if (tree instanceof Map<?, ?> map) {
        return map;
      }
      if (tree != null) {
        problems.add(path + ": a mapping of keys to values is expected");
      }
    } catch (IOException e) {
      problems.add(path + ": cannot be read: " + e.getClass().getSimpleName() + " " + e.getMessage());
    } catch (YamlEngineException e) {
      problems.add(path + ": not YAML: " + String.valueOf(e.getMessage()).lines().map(String::strip).collect(Collectors.joining(" ")));
    }
    return Map.of();
  }

  private List<PoolConfiguration> pools(Section file) {
    List<PoolConfiguration> pools = new ArrayList<>();
    for (Section section : file.sections("pools")) {
      pools.add(pool(section));
    }
    if (file.has("pools") && pools.isEmpty()) {
      file.problem("pools", "at least one pool is needed");
    }
    return pools.isEmpty() ? Configuration.defaults().pools() : pools;
  }

  private static PoolConfiguration pool(Section section) {
    for (String needed : List.of("name", "path")) {
      if (!section.has(needed)) {
        section.problem(needed, "every pool needs one");
      }
    }
    PoolConfiguration defaults = PoolConfiguration.defaults();
    PoolConfiguration pool = new PoolConfiguration(
        section.read("name", PoolName::new, defaults.name()),
        section.read("path", Values::absolutePath, defaults.path()),
        section.readWords("backends", Values::backends, defaults.backends()),
        section.read("overcommit", Values::overcommit, defaults.overcommit()),
        section.read("default-size", ByteSize::parsePositive, defaults.defaultSize()),
        section.read("trash-retention", Durations::parse, defaults.trashRetention()),
        poolFile(section.section("pool-file")));
    section.finish();
    return pool;
  }

  private static PoolFileConfiguration poolFile(Section section) {
    PoolFileConfiguration defaults = PoolFileConfiguration.DEFAULT;
    PoolFileConfiguration file = new PoolFileConfiguration(
        section.read("initial", ByteSize::parse, defaults.initial()),
        section.read("headroom", ByteSize::parse, defaults.headroom()),
        section.read("step", ByteSize::parse, defaults.step()),
        section.read("host-reserve", Values::fraction, defaults.hostReserve()));
    section.finish();
    return file;
  }

  private static List<RepositoryConfiguration> repositories(Section file) {
    List<RepositoryConfiguration> repositories = new ArrayList<>();
    for (Section section : file.sections("repositories")) {
      repository(section).ifPresent(repositories::add);
    }
    return repositories;
  }

  /** Empty when what it cannot be without is absent or wrong, which is noted. */
  private static Optional<RepositoryConfiguration> repository(Section section) {
    Optional<RepositoryName> name = section.read("name", text -> Optional.of(new RepositoryName(text)), Optional.empty());
    String location = section.read("location", Values::storeAddress, "");
    Optional<Path> keyFile = section.read("key-file", text -> Optional.of(Values.absolutePath(text)), Optional.empty());
    Optional<Path> passphraseFile = section.read("passphrase-file", text -> Optional.of(Values.absolutePath(text)), Optional.empty());
    for (String needed : List.of("name", "location")) {
      if (!section.has(needed)) {
        section.problem(needed, "every repository needs one");
      }
    }
    if (section.has("key-file") == section.has("passphrase-file")) {
      section.problem("key-file", "every repository needs either a key-file or a passphrase-file");
    }
    Optional<ByteSize> upload = section.read("upload-limit", text -> Optional.of(ByteSize.parsePositive(text)), Optional.empty());
    Optional<ByteSize> download = section.read("download-limit", text -> Optional.of(ByteSize.parsePositive(text)), Optional.empty());
    DedupScope dedup = section.read("dedup", DedupScope::parse, DedupScope.LINEAGE);
    Map<String, String> options = section.section("options").texts();
    section.finish();
    return name.map(each -> new RepositoryConfiguration(each, location, options, keyFile, passphraseFile, upload, download, dedup));
  }

  private void demandOther(Map<Path, String> sockets, Optional<Path> socket, String word) {
    String other = socket.isPresent() ? sockets.putIfAbsent(socket.get(), word) : null;
    if (other != null) {
      problems.add(word + ": is the same as " + other);
    }
  }

  private void checkCsi(CsiConfiguration csi) {
    if (csi.socket().isPresent() && csi.nodeId().isEmpty() && !csi.controller()) {
      problems.add("node-id: must be given with csi-socket; it is what Kubernetes calls this node");
    }
    if (csi.registration().isPresent() && csi.socket().isEmpty()) {
      problems.add("csi-registration: there is no csi-socket of which the kubelet could be told");
    }
    if (csi.listen().isPresent() && csi.tls().isEmpty()) {
      problems.add("csi-tls: must be given with csi-listen; it is the directory with ca.crt, tls.crt and tls.key");
    }
    if (csi.listen().isPresent() && csi.socket().isEmpty()) {
      problems.add("csi-listen: there is no csi-socket, so this is no node");
    }
    if (csi.controller() && csi.socket().isEmpty()) {
      problems.add("csi-socket: must be given with controller; it is where the sidecars find the router");
    }
    if (csi.controller() && (csi.listen().isPresent() || csi.registration().isPresent())) {
      problems.add("controller: csi-listen and csi-registration are for nodes, and the router is none");
    }
  }

  private void checkTogether(Configuration configuration) {
    CsiConfiguration csi = configuration.csi();
    Map<Path, String> sockets = new HashMap<>(Map.of(configuration.adminSocket(), "admin-socket"));
    demandOther(sockets, configuration.dockerSocket(), "docker-socket");
    if (configuration.dockerManaged() && configuration.dockerSocket().isEmpty()) {
      problems.add("docker-managed: there is no docker-socket");
    }
    demandOther(sockets, csi.socket(), "csi-socket");
    demandOther(sockets, csi.registration(), "csi-registration");
    checkCsi(csi);
    Set<RepositoryName> repositories = new HashSet<>();
    for (RepositoryConfiguration repository : configuration.repositories()) {
      if (!repositories.add(repository.name())) {
        problems.add("repositories: the name " + repository.name() + " is given twice");
      }
    }
    Set<PoolName> names = new HashSet<>();
    Map<Path, PoolName> paths = new LinkedHashMap<>();
    for (PoolConfiguration pool : configuration.pools()) {
      if (!names.add(pool.name())) {
        problems.add("pools: the name " + pool.name() + " is given twice");
      }
      for (Map.Entry<Path, PoolName> other : paths.entrySet()) {
        if (pool.path().startsWith(other.getKey()) || other.getKey().startsWith(pool.path())) {
          problems.add("pools: " + pool.name() + " (" + pool.path() + ") lies in the directory of " + other.getValue()
              + " (" + other.getKey() + "), or the other way round");
        }
      }
      paths.put(pool.path(), pool.name());
    }
  }
}
