package dev.moorage.repository.verify;

import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.history.SnapshotEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Collects what is wrong, each thing once, with every snapshot that it concerns. For one thread. */
final class Findings {

  private record Thing(String object, String reason) {}

  private final Map<Thing, Set<String>> things = new LinkedHashMap<>();

  void add(UnreadableException trouble, String snapshot) {
    add(trouble.object(), trouble.reason(), snapshot);
  }

  /** {@code snapshot} may be empty when it is not known yet whom it concerns. */
  void add(String object, String reason, String snapshot) {
    Set<String> concerned = things.computeIfAbsent(new Thing(object, reason), _ -> new TreeSet<>());
    if (!snapshot.isEmpty()) {
      concerned.add(snapshot);
    }
  }

  List<VerifyReport.Finding> list() {
    List<VerifyReport.Finding> findings = new ArrayList<>();
    things.forEach((thing, snapshots) -> findings.add(new VerifyReport.Finding(thing.object, thing.reason, List.copyOf(snapshots))));
    return findings;
  }

  /** What people call the snapshot. */
  static String name(SnapshotEntry snapshot) {
    return snapshot.origin().host() + "/" + snapshot.origin().owner() + "/" + snapshot.label();
  }
}
