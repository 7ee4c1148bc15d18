package dev.moorage.catalog;

import dev.moorage.backend.BackendFeature;
import dev.moorage.backend.VolumeBackend;
import dev.moorage.volume.BackendKind;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The backends of one pool, each opened once, when first needed. Safe for use by several threads. */
final class BackendTable {

  private final Function<BackendKind, VolumeBackend> opener;
  private final Collection<BackendKind> configured;
  private final Map<BackendKind, VolumeBackend> open = new ConcurrentHashMap<>();

  BackendTable(Function<BackendKind, VolumeBackend> opener, Collection<BackendKind> configured) {
    this.opener = opener;
    this.configured = List.copyOf(configured);
  }

  VolumeBackend of(BackendKind kind) {
    return open.computeIfAbsent(kind, opener);
  }

  /** Whether a volume of that kind can come to own no more than its size, so that the size is what it is charged. */
  boolean isCharged(BackendKind kind) {
    return of(kind).profile().has(BackendFeature.HARD_CAPACITY);
  }

  /** Every backend that may have data in this pool: those configured and those that a record named. */
  List<VolumeBackend> all() {
    Set<BackendKind> kinds = EnumSet.noneOf(BackendKind.class);
    kinds.addAll(configured);
    kinds.addAll(open.keySet());
    return kinds.stream().map(this::of).toList();
  }
}
