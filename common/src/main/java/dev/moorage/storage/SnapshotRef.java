package dev.moorage.storage;

import dev.moorage.volume.RepositoryName;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.SnapshotName;
import java.util.Optional;

/** How a caller points at a snapshot. Snapshots of a deleted volume are found by the name that it had. */
public sealed interface SnapshotRef {

  record ById(SnapshotId id) implements SnapshotRef {
    @Override
    public String toString() {
      return id.toString();
    }
  }

  /** {@code volume@name}; {@code latest} as the name means the newest one when no snapshot has that name. */
  record Of(VolumeRef volume, SnapshotName name) implements SnapshotRef {
    @Override
    public String toString() {
      return volume + "@" + name;
    }
  }

  /**
   * A remote snapshot, whatever is here.
   *
   * @param repository the only one to look into; all that this host knows when empty
   * @param name what it is called there
   */
  record Remote(Optional<String> repository, RemoteName name) implements SnapshotRef {
    @Override
    public String toString() {
      return repository.map(each -> each + ":").orElse("") + name;
    }
  }

  /**
   * Reads what users type: {@code db@before}, {@code owner/db@before} or an id; for remote snapshots also
   * {@code host/db@before}, {@code host/owner/db@before} and {@code VOLUME-ID#NUMBER}, and all of them after {@code repository:}.
   *
   * @throws IllegalArgumentException with a sentence for the user
   */
  static SnapshotRef parse(String text) {
    int colon = text.indexOf(':');
    if (colon >= 0) {
      return new Remote(Optional.of(new RepositoryName(text.substring(0, colon)).value()), RemoteName.parse(text.substring(colon + 1)));
    }
    int at = text.lastIndexOf('@');
    if ((at >= 0 && text.indexOf('/') != text.lastIndexOf('/')) || (at < 0 && text.indexOf('#') >= 0)) {
      return new Remote(Optional.empty(), RemoteName.parse(text));
    }
    if (at >= 0) {
      return new Of(VolumeRef.parse(text.substring(0, at)), new SnapshotName(text.substring(at + 1)));
    }
    try {
      return new ById(SnapshotId.parse(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'" + text + "' does not name a snapshot; write VOLUME@SNAPSHOT, such as db@before", e);
    }
  }
}
