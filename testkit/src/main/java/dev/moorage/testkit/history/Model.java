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

  /** A live or deleted volume: its size, the text last written to it, and whether its filesystem is XFS. */
  record Vol(String name, long size, String content, boolean xfs) {
    Vol holding(String text) {
      return new Vol(name, size, text, xfs);
    }
  }

  /** A live or deleted snapshot: the text that its volume held at the cut. */
  record Snap(String volume, String name, String content, long size, boolean xfs) {
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

  /** The volumes of each group whose snapshots all live, by the name of those. */
  final Map<String, List<String>> groups = new LinkedHashMap<>();

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
    copy.groups.putAll(groups);
    return copy;
  }

  /** Applies an operation whose preconditions hold. */
  public void apply(Operation operation) {
    String volume = operation.volume();
    String label = volume + "@" + operation.snapshot();
    switch (operation.verb()) {
      case CREATE -> volumes.put(volume, new Vol(volume, sizeOf(operation), "", operation.argument().startsWith("xfs")));
      case WRITE -> volumes.put(volume, live(volume).holding(operation.argument()));
      case MOUNT -> mounted.add(volume);
      case UNMOUNT -> mounted.remove(volume);
      case SNAPSHOT -> cut(volume, operation.snapshot());
      case GROUP -> {
        cut(volume, operation.snapshot());
        cut(operation.argument(), operation.snapshot());
        groups.put(operation.snapshot(), List.of(volume, operation.argument()));
      }
      case CLONE -> volumes.put(operation.argument(), cloneOf(live(volume), operation.argument()));
      case FROM, RESTORE -> volumes.put(operation.argument(), madeOf(snap(label), operation.argument()));
      case ROLLBACK -> volumes.put(volume, live(volume).holding(snap(label).content()));
      case GROW -> volumes.put(volume, grown(live(volume), sizeOf(operation)));
      case REMOVE -> trashedVolumes.add(removed(volumes, volume));
      case UNDO -> volumes.put(volume, takeNewest(volume));
      case REMOVE_SNAPSHOT -> {
        trashedSnapshots.add(removed(snapshots, label));
        groups.remove(operation.snapshot());
      }
      case REMOVE_GROUP -> operation.parts().forEach(this::apply);
      case UNDO_SNAPSHOT -> snapshots.put(label, takeSnapshot(label));
      case VIEW -> views.add(label);
      case UNVIEW -> views.remove(label);
      case EMPTY_TRASH -> {
        trashedVolumes.clear();
        trashedSnapshots.clear();
      }
      case PUBLISH, UPLOAD, LOOK, TAKE, COMPACT, GROW_POOL, ADD_POOL -> {}
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
    Snap snap = new Snap(volume, name, live(volume).content(), live(volume).size(), live(volume).xfs());
    snapshots.put(snap.label(), snap);
  }

  Vol live(String name) {
    return existing(volumes, name);
  }

  private Snap snap(String label) {
    return existing(snapshots, label);
  }

  private static Vol cloneOf(Vol source, String name) {
    return new Vol(name, source.size(), source.content(), source.xfs());
  }

  private static Vol madeOf(Snap source, String name) {
    return new Vol(name, source.size(), source.content(), source.xfs());
  }

  private static Vol grown(Vol volume, long size) {
    return new Vol(volume.name(), size, volume.content(), volume.xfs());
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
