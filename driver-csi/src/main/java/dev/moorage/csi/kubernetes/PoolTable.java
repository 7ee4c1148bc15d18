package dev.moorage.csi.kubernetes;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which node has each pool, as the ConfigMap moorage-pools keeps it: for each pool's id the node's name, with {@code (lost)} behind it when
 * somebody has declared that it will never come back.
 *
 * @param data as it stands there
 * @param declared the names of nodes that the annotation {@value #LOST} declares lost, and that are not entered yet
 */
record PoolTable(Map<String, String> data, Set<String> declared) {

  static final String NAME = "moorage-pools";

  /** By this annotation people declare nodes lost: their names, with commas between. It is taken away when it is entered. */
  static final String LOST = "csi.moorage.dev/lost";

  private static final String MARK = " (lost)";

  PoolTable {
    data = Map.copyOf(data);
    declared = Set.copyOf(declared);
  }

  /** Of nothing that is there yet. */
  static PoolTable empty() {
    return new PoolTable(Map.of(), Set.of());
  }

  static PoolTable of(ConfigMap map) {
    String names = Optional.ofNullable(map.getMetadata().getAnnotations()).map(all -> all.get(LOST)).orElse("");
    return new PoolTable(Optional.ofNullable(map.getData()).orElse(Map.of()),
        Arrays.stream(names.split(",", -1)).map(String::strip).filter(name -> !name.isEmpty()).collect(Collectors.toSet()));
  }

  /** The node of each pool, lost or not. */
  Map<String, String> nodes() {
    Map<String, String> nodes = new TreeMap<>();
    data.forEach((pool, text) -> nodes.put(pool, node(text)));
    return nodes;
  }

  private static String node(String text) {
    return text.endsWith(MARK) ? text.substring(0, text.length() - MARK.length()) : text;
  }

  /** The ids of the pools that will never come back. */
  Set<String> lost() {
    return data.entrySet().stream().filter(each -> each.getValue().endsWith(MARK)).map(Map.Entry::getKey).collect(Collectors.toSet());
  }

  /**
   * With what is known now: a pool that somebody has is where it is, whatever was declared; the others of a node that was declared lost are
   * lost; nothing is ever forgotten.
   *
   * @param live the node of each pool that is there
   */
  PoolTable with(Map<String, String> live) {
    Map<String, String> next = new TreeMap<>(data);
    next.replaceAll((pool, text) -> declared.contains(node(text)) ? node(text) + MARK : text);
    next.putAll(live);
    return new PoolTable(next, Set.of());
  }

  /**
   * The nodes of {@code live} that were declared lost, or that have a pool that is entered as lost: whether they are there is worth
   * a question, for a pod that is gone is told of for some moments more.
   */
  Set<String> doubtful(Map<String, String> live) {
    Set<String> lost = lost();
    return live.entrySet().stream().filter(each -> declared.contains(each.getValue()) || lost.contains(each.getKey()))
        .map(Map.Entry::getValue).collect(Collectors.toSet());
  }

  /** The nodes that were declared lost and have pools that are there, which is told to whoever declared it. */
  Set<String> declaredButThere(Collection<String> present) {
    Set<String> there = new TreeSet<>(declared);
    there.retainAll(present);
    return there;
  }

  /** What takes the place of {@code map}. */
  ConfigMap in(ConfigMap map) {
    return new ConfigMapBuilder(map).withData(new TreeMap<>(data)).editOrNewMetadata().removeFromAnnotations(LOST).endMetadata().build();
  }
}
