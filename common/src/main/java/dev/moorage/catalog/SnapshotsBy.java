package dev.moorage.catalog;

import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotId;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The living snapshots by something that several of them may share. Each change costs the same however many share it. Safe for use by
 * several threads.
 */
final class SnapshotsBy<K> {

  private final Function<Snapshot, Optional<K>> key;
  private final Map<K, Map<SnapshotId, Snapshot>> shared = new ConcurrentHashMap<>();

  /** A snapshot without a key is not kept. */
  SnapshotsBy(Function<Snapshot, Optional<K>> key) {
    this.key = key;
  }

  /** A live view, in no order. */
  Collection<Snapshot> of(K wanted) {
    return Collections.unmodifiableCollection(shared.getOrDefault(wanted, Map.of()).values());
  }

  /** Takes the place of an older record of the same snapshot. */
  void put(Snapshot snapshot) {
    key.apply(snapshot).ifPresent(each -> shared.compute(each, (_, present) -> {
      Map<SnapshotId, Snapshot> members = present == null ? new ConcurrentHashMap<>() : present;
      members.put(snapshot.id(), snapshot);
      return members;
    }));
  }

  void remove(Snapshot snapshot) {
    key.apply(snapshot).ifPresent(each -> shared.computeIfPresent(each, (_, members) -> {
      members.remove(snapshot.id());
      return members.isEmpty() ? null : members;
    }));
  }
}
