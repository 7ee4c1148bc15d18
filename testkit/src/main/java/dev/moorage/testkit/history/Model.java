package dev.moorage.testkit.history;

import dev.moorage.volume.ByteSize;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a storage must hold after a history, in plain maps. A copy is independent. Not for use by several threads. */
public final class Model {

  /** A live or deleted volume: its size and the text last written to it. */
  record Vol(String name, long size, String content) {}

  /** A live or deleted snapshot: the text that its volume held at the cut. */
  record Snap(String volume, String name, String content, long size) {
    String label() {
      return volume + "@" + name;
    }
  }

  final Map<String, Vol> volumes = new LinkedHashMap<>();
  final Map<String, Snap> snapshots = new LinkedHashMap<>();
  final List<Vol> trashedVolumes = new ArrayList<>();
  final List<Snap> trashedSnapshots = new ArrayList<>();
  final Set<String> mounted = new LinkedHashSet<>();
  final Set<String> views = new LinkedHashSet<>();

  /** A model of an empty storage. */
  public Model() {}

  /** An independent copy. */
  public Model copy() {
    Model copy = new Model();
    copy.volumes.putAll(volumes);
    copy.snapshots.putAll(snapshots);
    copy.trashedVolumes.addAll(trashedVolumes);
    copy.trashedSnapshots.addAll(trashedSnapshots);
    copy.mounted.addAll(mounted);
    copy.views.addAll(views);
    return copy;
  }

  /** Applies an operation whose preconditions hold. */
  public void apply(Operation operation) {
    String volume = operation.volume();
    String label = volume + "@" + operation.snapshot();
    switch (operation.verb()) {
      case CREATE -> volumes.put(volume, new Vol(volume, sizeOf(operation), ""));
      case WRITE -> volumes.put(volume, new Vol(volume, live(volume).size(), operation.argument()));
      case MOUNT -> mounted.add(volume);
      case UNMOUNT -> mounted.remove(volume);
      case SNAPSHOT -> cut(volume, operation.snapshot());
      case GROUP -> {
        cut(volume, operation.snapshot());
        cut(operation.argument(), operation.snapshot());
      }
      case CLONE -> volumes.put(operation.argument(), named(operation.argument(), live(volume).size(), live(volume).content()));
      case FROM -> volumes.put(operation.argument(), named(operation.argument(), snap(label).size(), snap(label).content()));
      case ROLLBACK -> volumes.put(volume, new Vol(volume, live(volume).size(), snap(label).content()));
      case GROW -> volumes.put(volume, new Vol(volume, sizeOf(operation), live(volume).content()));
      case REMOVE -> trashedVolumes.add(removed(volumes, volume));
      case UNDO -> volumes.put(volume, takeNewest(volume));
      case REMOVE_SNAPSHOT -> trashedSnapshots.add(removed(snapshots, label));
      case UNDO_SNAPSHOT -> snapshots.put(label, takeSnapshot(label));
      case VIEW -> views.add(label);
      case UNVIEW -> views.remove(label);
      case EMPTY_TRASH -> {
        trashedVolumes.clear();
        trashedSnapshots.clear();
      }
      case COMPACT, GROW_POOL -> {}
    }
  }

  /** All that can be seen from outside and is promised, as text that is equal exactly when the state is. */
  public String picture() {
    Set<String> lines = new TreeSet<>();
    volumes.values().forEach(each -> lines.add("volume " + each.name() + " " + each.size() + " '" + each.content() + "'"));
    snapshots.values().forEach(each -> lines.add("snapshot " + each.label() + " '" + each.content() + "'"));
    return String.join("\n", lines);
  }

  /** The trash, as text. */
  public String trashPicture() {
    List<String> lines = new ArrayList<>();
    trashedVolumes.forEach(each -> lines.add("volume " + each.name()));
    trashedSnapshots.forEach(each -> lines.add("snapshot " + each.label()));
    lines.sort(null);
    return String.join("\n", lines);
  }

  private void cut(String volume, String name) {
    Snap snap = new Snap(volume, name, live(volume).content(), live(volume).size());
    snapshots.put(snap.label(), snap);
  }

  Vol live(String name) {
    return existing(volumes, name);
  }

  private Snap snap(String label) {
    return existing(snapshots, label);
  }

  private static Vol named(String name, long size, String content) {
    return new Vol(name, size, content);
  }

  private static <T> T existing(Map<String, T> map, String key) {
    T value = map.get(key);
    if (value == null) {
      throw new AssertionError("BUG: the history uses " + key + ", which the model does not have");
    }
    return value;
  }

  private static <T> T removed(Map<String, T> map, String key) {
    T value = existing(map, key);
    map.remove(key);
    return value;
  }

  private Vol takeNewest(String name) {
    for (int i = trashedVolumes.size() - 1; i >= 0; i--) {
      if (trashedVolumes.get(i).name().equals(name)) {
        return trashedVolumes.remove(i);
      }
    }
    throw new AssertionError("BUG: the history undoes " + name + ", which was not removed");
  }

  private Snap takeSnapshot(String label) {
    Map<String, Snap> byLabel = new HashMap<>();
    trashedSnapshots.forEach(each -> byLabel.put(each.label(), each));
    Snap snap = existing(byLabel, label);
    trashedSnapshots.remove(snap);
    return snap;
  }

  private static long sizeOf(Operation operation) {
    String text = operation.argument();
    return ByteSize.parse(text.substring(text.indexOf(':') + 1)).bytes();
  }
}
