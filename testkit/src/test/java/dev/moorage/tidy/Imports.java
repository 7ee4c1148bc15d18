package dev.moorage.tidy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Imports point downward only: a room of the product may use the rooms on lower floors, never its neighbours or those above. */
final class Imports implements Rule {

  /** The floor of each room. ARCHITECTURE.md draws the same picture. */
  private static final Map<String, Integer> FLOORS = Map.ofEntries(
      Map.entry("volume", 0),
      Map.entry("config", 1),
      Map.entry("telemetry", 1),
      Map.entry("failpoint", 1),
      Map.entry("socket", 0),
      Map.entry("http", 1),
      Map.entry("linux", 2),
      Map.entry("process", 2),
      Map.entry("filesystem", 3),
      Map.entry("record", 3),
      Map.entry("pool", 4),
      Map.entry("backend", 5),
      Map.entry("objectstore", 5),
      Map.entry("snapshot", 5),
      Map.entry("catalog", 6),
      Map.entry("repository", 6),
      Map.entry("storage", 7),
      Map.entry("docker", 8),
      Map.entry("csi", 8),
      Map.entry("admin", 8),
      Map.entry("client", 1),
      Map.entry("serve", 9),
      Map.entry("doctor", 9),
      Map.entry("cli", 10));

  private static final Pattern USE = Pattern.compile("\\bdev\\.moorage\\.(\\w+)[.;]");

  @Override
  public List<Finding> check(SourceFile file) {
    if (!file.isProduct()) {
      return List.of();
    }
    String room = roomOf(file.packageName());
    Integer floor = FLOORS.get(room);
    if (floor == null) {
      return List.of(new Finding(file.path(), 1, "the room '" + room + "' has no floor yet: give it one in Imports.FLOORS"));
    }
    List<Finding> findings = new ArrayList<>();
    Matcher use = USE.matcher(file.code());
    while (use.find()) {
      String other = use.group(1);
      if (!other.equals(room) && FLOORS.getOrDefault(other, Integer.MAX_VALUE) >= floor) {
        findings.add(new Finding(file.path(), file.lineOf(use.start()),
            "'" + room + "' may not use '" + other + "': imports point downward only"));
      }
    }
    return findings;
  }

  private static String roomOf(String packageName) {
    String[] parts = packageName.split("\\.", -1);
    return parts.length > 2 ? parts[2] : packageName;
  }
}
