package dev.moorage.csi;

import dev.moorage.volume.PoolId;
import java.util.Optional;
import java.util.UUID;

/** What CSI calls a group of snapshots: as {@link SnapshotHandle}, with the group's id, or the one member's when it is alone. */
public record GroupHandle(Optional<UUID> repository, PoolId pool, UUID group) {

  private static final String LOCAL = "local";

  /** Empty for what no Moorage ever gave out. */
  public static Optional<GroupHandle> parse(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      Optional<UUID> repository = parts[0].equals(LOCAL) ? Optional.empty() : Optional.of(UUID.fromString(parts[0]));
      GroupHandle handle = new GroupHandle(repository, PoolId.parse(parts[1]), UUID.fromString(parts[2]));
      return handle.toString().equals(text) ? Optional.of(handle) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return repository.map(UUID::toString).orElse(LOCAL) + "/" + pool + "/" + group;
  }
}
