package dev.moorage.testkit.training;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Objects of a cluster as the JSON texts that they came as, each with a new resource version. Safe for use by several threads. */
final class KeptObjects {

  private static final Pattern NAME = Pattern.compile("\"name\":\"([^\"]+)\"");
  private static final Pattern VERSION = Pattern.compile("\"resourceVersion\":\"[^\"]*\"");
  private static final Pattern METADATA = Pattern.compile("\"metadata\":\\{");
  private static final Map<String, String> KINDS = Map.of("pods", "v1 Pod", "configmaps", "v1 ConfigMap", "secrets", "v1 Secret",
      "leases", "coordination.k8s.io/v1 Lease");

  private final Map<String, Map<String, String>> kept = new TreeMap<>();
  private long versions;

  /** What an object is called; the first name in its text is its own, for its metadata come first. */
  static String name(String text) {
    Matcher name = NAME.matcher(text);
    return name.find() ? name.group(1) : "nameless";
  }

  /** What is kept now. */
  synchronized String put(String plural, String name, String text) {
    versions++;
    String version = "\"resourceVersion\":\"" + versions + "\"";
    Matcher before = VERSION.matcher(text);
    String next = before.find() ? before.replaceFirst(version) : METADATA.matcher(text).replaceFirst("\"metadata\":{" + version + ",");
    kept.computeIfAbsent(plural, _ -> new TreeMap<>()).put(name, next);
    return next;
  }

  synchronized @Nullable String find(String plural, String name) {
    return kept.getOrDefault(plural, Map.of()).get(name);
  }

  synchronized String list(String plural) {
    String[] kind = KINDS.getOrDefault(plural, "v1 Thing").split(" ", -1);
    return "{\"apiVersion\":\"" + kind[0] + "\",\"kind\":\"" + kind[1] + "List\",\"metadata\":{\"resourceVersion\":\"" + versions
        + "\"},\"items\":[" + String.join(",", kept.getOrDefault(plural, Map.of()).values()) + "]}";
  }

  /** The answer to a call that fails. */
  static String status(int code) {
    return "{\"apiVersion\":\"v1\",\"kind\":\"Status\",\"status\":\"Failure\",\"code\":" + code + "}";
  }
}
