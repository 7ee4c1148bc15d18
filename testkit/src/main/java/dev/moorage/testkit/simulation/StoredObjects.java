package dev.moorage.testkit.simulation;

import dev.moorage.objectstore.Listing;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What is stored: each request takes effect at once and as a whole. The oracle hears of every change. */
final class StoredObjects {

  private final TreeMap<String, Stored> objects = new TreeMap<>();
  private final Oracle oracle;
  private long versions;

  StoredObjects(Oracle oracle) {
    this.oracle = oracle;
  }

  /** An object as it is now. */
  // Compared by nobody.
  @SuppressWarnings("ArrayRecordComponent")
  record Stored(byte[] bytes, Version version, Instant modified) {}

  Optional<Version> create(String key, byte[] bytes, Instant now) {
    if (objects.containsKey(key)) {
      return Optional.empty();
    }
    Version version = store(key, bytes, now);
    oracle.created(key, bytes, this);
    return Optional.of(version);
  }

  Optional<Version> replace(String key, Version expected, byte[] bytes, Instant now) {
    Stored stored = objects.get(key);
    return stored == null || !stored.version().equals(expected) ? Optional.empty() : Optional.of(store(key, bytes, now));
  }

  private Version store(String key, byte[] bytes, Instant now) {
    Version version = new Version("v" + ++versions);
    objects.put(key, new Stored(bytes, version, now));
    return version;
  }

  Optional<Stored> find(String key) {
    return Optional.ofNullable(objects.get(key));
  }

  boolean contains(String key) {
    return objects.containsKey(key);
  }

  boolean delete(String key) {
    boolean was = objects.remove(key) != null;
    if (was) {
      oracle.deleted(key);
    }
    return was;
  }

  Listing list(String prefix, Optional<String> after, int limit) {
    String from = after.filter(each -> each.compareTo(prefix) > 0).orElse(prefix);
    List<Listing.Entry> found = new ArrayList<>();
    for (Map.Entry<String, Stored> each : objects.tailMap(from, after.isEmpty()).entrySet()) {
      if (!each.getKey().startsWith(prefix)) {
        break;
      }
      if (found.size() == limit) {
        return new Listing(found, Optional.of(found.getLast().key().value()));
      }
      found.add(new Listing.Entry(new ObjectKey(each.getKey()), each.getValue().bytes().length, each.getValue().modified()));
    }
    return new Listing(found, Optional.empty());
  }

  /** All keys that begin with the prefix. */
  List<String> keys(String prefix) {
    return objects.tailMap(prefix, true).keySet().stream().takeWhile(key -> key.startsWith(prefix)).toList();
  }
}
