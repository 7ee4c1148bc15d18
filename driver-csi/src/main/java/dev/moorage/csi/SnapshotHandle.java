package dev.moorage.csi;

import dev.moorage.repository.RepositoryId;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.NotFound;
import java.util.Optional;
import java.util.UUID;

/**
 * What CSI calls a snapshot: {@code local/POOL/SNAPSHOT}, or with the id of a repository in place of the first word. It is the same
 * before and after the upload.
 */
public record SnapshotHandle(Optional<UUID> repository, PoolId pool, SnapshotId snapshot) {

  private static final String LOCAL = "local";

  static SnapshotHandle of(Optional<RepositoryId> repository, PoolId pool, SnapshotId snapshot) {
    return new SnapshotHandle(repository.map(RepositoryId::value), pool, snapshot);
  }

  /** Empty for what no Moorage ever gave out. */
  public static Optional<SnapshotHandle> parse(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      Optional<UUID> repository = parts[0].equals(LOCAL) ? Optional.empty() : Optional.of(UUID.fromString(parts[0]));
      SnapshotHandle handle = new SnapshotHandle(repository, PoolId.parse(parts[1]), SnapshotId.parse(parts[2]));
      return handle.toString().equals(text) ? Optional.of(handle) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** What a field of a request names, and must. */
  public static SnapshotHandle demand(String action, String field, String text) throws VolumeException {
    new Request(action).need(field, text);
    return parse(text).orElseThrow(() -> new NotFound(action, "there is no snapshot " + Request.shown(text), ""));
  }

  @Override
  public String toString() {
    return repository.map(UUID::toString).orElse(LOCAL) + "/" + pool + "/" + snapshot;
  }
}
