package dev.moorage.repository.history;

import dev.moorage.objectstore.ObjectKey;
import dev.moorage.repository.pack.PackName;
import java.util.Optional;

/** Tells packs from what else may lie below {@code packs/}. */
public final class PackKeys {

  private PackKeys() {}

  /** Reads a key; empty when it is not that of a pack. */
  public static Optional<PackName> parse(ObjectKey key) {
    try {
      return Optional.of(PackName.parse(key.value()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
