package dev.moorage.config;

import dev.moorage.volume.BackendKind;
import dev.moorage.volume.PoolName;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What the environment and the command line say, by the word of the key. A flag wins over a variable. Relative paths mean the working directory. */
final class Overrides {

  static final Set<String> WORDS =
      Set.of("config", "admin-socket", "docker-socket", "docker-managed", "csi-socket", "node-id", "csi-cluster", "csi-volumes-max",
          "csi-registration", "csi-listen", "csi-tls", "controller", "health-listen", "run-dir", "log-level", "pool", "pool-backends");
  private static final Set<String> PATHS = Set.of("admin-socket", "docker-socket", "csi-socket", "csi-registration", "csi-tls", "run-dir");
  private static final String PREFIX = "MOORAGE_";

  /** One value and where it came from, for messages. */
  private record Origin(String place, List<String> values) {}

  private final Map<String, Origin> origins;
  private final List<String> problems;

  private Overrides(Map<String, Origin> origins, List<String> problems) {
    this.origins = origins;
    this.problems = problems;
  }

  static Overrides of(Map<String, String> environment, Map<String, List<String>> flags, List<String> problems) {
    Map<String, Origin> origins = new LinkedHashMap<>();
    environment.forEach((variable, value) -> {
      if (variable.startsWith(PREFIX) && !value.isEmpty()) {
        String word = variable.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '-');
        if (WORDS.contains(word)) {
          origins.put(word, new Origin(variable, word.equals("pool") ? List.of(value.split(",", -1)) : List.of(value)));
        } else {
          // Other variables of that prefix are not ours to judge, but a slip of the finger is.
          Nearest.to(word, WORDS, 2).ifPresent(nearest ->
              problems.add(variable + ": there is no such variable; did you mean " + variable(nearest) + "?"));
        }
      }
    });
    flags.forEach((word, values) -> {
      if (!values.isEmpty()) {
        origins.put(word, new Origin("--" + word, values));
      }
    });
    return new Overrides(origins, problems);
  }

  private static String variable(String word) {
    return PREFIX + word.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  Optional<String> file() {
    return Optional.ofNullable(origins.get("config")).map(origin -> origin.values().getLast());
  }

  <T> T read(String word, Function<String, T> reader, T fallback) {
    Origin origin = origins.get(word);
    if (origin == null) {
      return fallback;
    }
    try {
      String text = origin.values().getLast();
      return reader.apply(PATHS.contains(word) && !text.equals("none") ? absolute(text) : text);
    } catch (IllegalArgumentException e) {
      problems.add(origin.place() + ": " + e.getMessage());
      return fallback;
    }
  }

  /** The pools named here, in place of those of the file; one that the file knows by name keeps its other settings. */
  List<PoolConfiguration> pools(List<PoolConfiguration> ofFile) {
    List<PoolConfiguration> pools = ofFile;
    Origin origin = origins.get("pool");
    if (origin != null) {
      List<PoolConfiguration> named = new ArrayList<>();
      for (String text : origin.values()) {
        try {
          named.add(pool(text, ofFile));
        } catch (IllegalArgumentException e) {
          problems.add(origin.place() + ": " + e.getMessage());
        }
      }
      pools = named.isEmpty() ? ofFile : named;
    }
    List<BackendKind> backends = read("pool-backends", Values::backends, List.of());
    return backends.isEmpty() ? pools : pools.stream().map(pool -> pool.withBackends(backends)).toList();
  }

  /** Reads {@code [NAME=]DIR}; a {@code =} behind the first slash belongs to the directory. */
  private static PoolConfiguration pool(String text, List<PoolConfiguration> ofFile) {
    int slash = text.indexOf('/');
    int equals = (slash < 0 ? text : text.substring(0, slash)).indexOf('=');
    PoolName name = new PoolName(equals < 0 ? PoolConfiguration.DEFAULT_NAME : text.substring(0, equals));
    Path path = Values.absolutePath(absolute(text.substring(equals + 1)));
    return ofFile.stream()
        .filter(pool -> pool.name().equals(name))
        .findFirst()
        .map(pool -> pool.withPath(path))
        .orElseGet(() -> PoolConfiguration.at(name, path));
  }

  private static String absolute(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("a path is expected here, not an empty word");
    }
    try {
      return Path.of(text).toAbsolutePath().toString();
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("'" + text.replace('\0', '?') + "' is not a path", e);
    }
  }
}
