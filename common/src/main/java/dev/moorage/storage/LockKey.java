package dev.moorage.storage;

import dev.moorage.volume.Owner;
import dev.moorage.volume.RepositoryName;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.VolumeId;
import dev.moorage.volume.VolumeName;

/** What can be locked. The order of the text forms is the order in which an operation locks several. */
record LockKey(String text) implements Comparable<LockKey> {

  static LockKey of(VolumeId id) {
    return new LockKey("volume " + id);
  }

  static LockKey of(SnapshotId id) {
    return new LockKey("snapshot " + id);
  }

  /** A name that is to be given to a volume. */
  static LockKey of(Owner owner, VolumeName name) {
    return new LockKey("name " + owner + "/" + name);
  }

  /** The set of pools. */
  static LockKey pools() {
    return new LockKey("pools");
  }

  /** The set of repositories that this host knows. */
  static LockKey repositories() {
    return new LockKey("repositories");
  }

  /** One repository, for what only one may do at a time. */
  static LockKey of(RepositoryName name) {
    return new LockKey("repository " + name);
  }

  @Override
  public int compareTo(LockKey other) {
    return text.compareTo(other.text);
  }
}
