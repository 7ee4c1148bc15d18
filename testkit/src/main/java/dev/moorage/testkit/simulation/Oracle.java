package dev.moorage.testkit.simulation;

import dev.moorage.record.JsonRecord;
import dev.moorage.repository.pack.PackName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** Knows what must be true, and looks whether it is at every change of the store. */
final class Oracle {

  /**
   * What a writer is about to commit.
   *
   * @param content what its restore must give
   * @param packs all that it refers to
   * @param known the newest seat that its writer knew to be its own
   */
  // Compared by nobody.
  @SuppressWarnings("ArrayRecordComponent")
  record Intent(String snapshot, int[] content, Set<PackName> packs, long known) {}

  /** A snapshot that was committed: at which key, and what is expected of it. */
  record Committed(String key, Intent intent) {}

  /** The newest seat and the newest one that is not void, of one volume. */
  private static final class Volume {
    private long last;
    private long newest;
  }

  private final Map<String, List<Intent>> intents = new HashMap<>();
  private final Map<String, Committed> committed = new TreeMap<>();
  private final Map<String, Set<String>> users = new HashMap<>();
  private final Map<String, Volume> volumes = new HashMap<>();
  private final Map<String, Integer> texts = new HashMap<>();
  private final Map<String, int[]> contents = new HashMap<>();

  /** A writer tells what it is about to commit. Several attempts for one snapshot may differ in their packs. */
  void intend(String session, Intent intent) {
    intents.computeIfAbsent(session, _ -> new ArrayList<>()).add(intent);
  }

  /** A text is sealed in a pack at an ordinal: a key and nonce pair. */
  void seal(PackName pack, int ordinal, int text) {
    Integer before = texts.putIfAbsent(pack.pack() + "#" + ordinal, text);
    if (before != null && before != text) {
      throw new Violation("key and nonce of pack " + pack + ", ordinal " + ordinal + " seal two texts");
    }
  }

  /** The snapshots that are committed and not forgotten, by the keys of their entries. */
  Map<String, Committed> committed() {
    return committed;
  }

  /** What the snapshot at that key must restore to, even when it is forgotten. */
  int[] content(String key) {
    return Objects.requireNonNull(contents.get(key), key);
  }

  void created(String key, byte[] bytes, StoredObjects objects) {
    if (key.startsWith("snaps/")) {
      if (key.endsWith(".forgotten")) {
        forget(key.substring(0, key.lastIndexOf('.')));
      } else {
        entry(key, bytes, objects);
      }
    } else if (key.startsWith("tombstones/") && key.indexOf('.') < 0) {
      tombstone(key, bytes, objects);
    }
  }

  private void forget(String key) {
    Committed snapshot = committed.remove(key);
    if (snapshot != null) {
      snapshot.intent().packs().forEach(pack -> users.getOrDefault(pack.key(), new HashSet<>()).remove(key));
    }
  }

  private void entry(String key, byte[] bytes, StoredObjects objects) {
    int slash = key.lastIndexOf('/');
    long seq = Long.parseLong(key.substring(slash + 1), 16);
    Volume volume = volumes.computeIfAbsent(key.substring(0, slash), _ -> new Volume());
    if (seq != volume.last + 1) {
      throw new Violation("history is not dense: " + key + " was created after " + volume.last);
    }
    volume.last = seq;
    JsonRecord record = parse(key, bytes);
    switch (text(record, "kind")) {
      case "void" -> {
        return;
      }
      case "snapshot" -> snapshot(key, record, volume, objects);
      default -> {
        // A takeover: whoever comes next must know it.
      }
    }
    volume.newest = seq;
  }

  private void snapshot(String key, JsonRecord record, Volume volume, StoredObjects objects) {
    String root = text(first(record), "pack");
    Intent intent = intents.getOrDefault(text(record, "session"), List.of()).stream()
        .filter(each -> each.packs().stream().anyMatch(pack -> pack.pack().toString().equals(root)))
        .findFirst()
        .orElseThrow(() -> new Violation(key + " was committed, and nobody meant it"));
    if (intent.known() != volume.newest) {
      throw new Violation(key + " was committed by a writer that knew the history up to " + intent.known()
          + " only, while it had been continued by another one up to " + volume.newest);
    }
    for (PackName pack : intent.packs()) {
      if (!objects.contains(pack.key())) {
        throw new Violation(key + " was committed, and " + pack + ", which it refers to, is not stored");
      }
      users.computeIfAbsent(pack.key(), _ -> new HashSet<>()).add(key);
    }
    contents.put(key, intent.content());
    committed.put(key, new Committed(key, intent));
  }

  /** The packs of an open session are never doomed: a writer must not lose what it uploads for a snapshot to come. */
  private static void tombstone(String key, byte[] bytes, StoredObjects objects) {
    for (String session : TombstoneText.sessions(PlainSealing.text(bytes))) {
      String object = "sessions/" + session;
      if (objects.contains(object) && !objects.contains(object + ".ended") && isSeatFree(object, objects)) {
        throw new Violation(key + " dooms packs of session " + session + ", which is open");
      }
    }
  }

  private static boolean isSeatFree(String session, StoredObjects objects) {
    JsonRecord record = parse(session, objects.find(session).orElseThrow().bytes());
    try {
      return !objects.contains("snaps/" + record.text("volume") + "/" + String.format("%016x", record.number("seq")));
    } catch (IOException e) {
      throw new Violation(session + " is unreadable: " + e.getMessage());
    }
  }

  void deleted(String key) {
    if (key.startsWith("snaps/")) {
      throw new Violation(key + " was deleted, which is history");
    }
    Set<String> needed = users.getOrDefault(key, Set.of());
    if (!needed.isEmpty()) {
      throw new Violation(key + " was deleted, and " + needed + " needs it");
    }
  }

  private static JsonRecord first(JsonRecord record) {
    try {
      return record.objects("root").getFirst();
    } catch (IOException e) {
      throw new Violation("an entry is unreadable: " + e.getMessage());
    }
  }

  private static JsonRecord parse(String key, byte[] bytes) {
    try {
      return JsonRecord.parse(key, PlainSealing.text(bytes), 1);
    } catch (IOException e) {
      throw new Violation(key + " is unreadable: " + e.getMessage());
    }
  }

  private static String text(JsonRecord record, String field) {
    try {
      return record.text(field);
    } catch (IOException e) {
      throw new Violation("field " + field + " is unreadable: " + e.getMessage());
    }
  }
}
