package dev.moorage.storage;

import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.SnapshotName;

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
   * Reads what users type: {@code db@before}, {@code owner/db@before} or an id.
   *
   * @throws IllegalArgumentException with a sentence for the user
   */
  static SnapshotRef parse(String text) {
    int at = text.lastIndexOf('@');
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
