package dev.moorage.catalog;

import java.util.HashMap;
import java.util.Map;

/**
 * The references to one volume: a value; every change gives a new one.
 *
 * <p><b>The rule</b> (an engine sends the same id again for nested mounts and after its own crash, and may forget what it knew):
 * <ol>
 *   <li>A new epoch begins whenever the engine starts.
 *   <li>A mount of an id known in this epoch adds one. One known from an older epoch starts at one in this epoch; but when the
 *       device is busy elsewhere, the container from before still runs and will send an unmount of its own, so then it adds one.
 *   <li>An unmount takes one away; at zero the id is gone. An unknown id changes nothing.
 *   <li>The volume may be released when no id is left <em>and</em> its device is idle; the latter is for the caller to find out.
 * </ol>
 * A {@link ReferenceKey.Once} counts one however often it comes, and goes with the first unmount.
 *
 * @param entries by key; counts are at least one
 */
public record References(Map<ReferenceKey, Entry> entries) {

  public static final References NONE = new References(Map.of());

  /** How often a key is mounted, and the epoch of its newest mount. */
  public record Entry(int count, long epoch) {}

  public References {
    entries = Map.copyOf(entries);
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /** The number of consumers, each counted once. */
  public int consumers() {
    return entries.size();
  }

  /** Whether every reference is a counted one from before this epoch, so that no consumer is known to be alive. */
  public boolean isStale(long epoch) {
    return entries.entrySet().stream()
        .allMatch(each -> each.getKey() instanceof ReferenceKey.Counted && each.getValue().epoch() < epoch);
  }

  public References mounted(ReferenceKey key, long epoch, boolean deviceBusyElsewhere) {
    Entry known = entries.get(key);
    int count = known == null ? 1 : switch (key) {
      case ReferenceKey.Once _ -> 1;
      case ReferenceKey.Counted _ ->
          known.epoch() == epoch || deviceBusyElsewhere ? Math.addExact(known.count(), 1) : 1;
    };
    Map<ReferenceKey, Entry> changed = new HashMap<>(entries);
    changed.put(key, new Entry(count, epoch));
    return new References(changed);
  }

  public References unmounted(ReferenceKey key) {
    Entry known = entries.get(key);
    if (known == null) {
      return this;
    }
    Map<ReferenceKey, Entry> changed = new HashMap<>(entries);
    if (known.count() == 1) {
      changed.remove(key);
    } else {
      changed.put(key, new Entry(known.count() - 1, known.epoch()));
    }
    return new References(changed);
  }
}
