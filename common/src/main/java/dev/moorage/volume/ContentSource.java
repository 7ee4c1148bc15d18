package dev.moorage.volume;

import java.time.Instant;
import java.util.Optional;

/** Where the first content of a volume comes from; recorded for ever in its record. */
public sealed interface ContentSource {

  /** A new, empty volume. */
  record Empty() implements ContentSource {}

  /**
   * A clone of a snapshot.
   *
   * @param label what the user called it, such as {@code db@before}
   * @param asked how it was asked for; empty in records of before that was kept
   */
  record FromSnapshot(SnapshotId snapshot, String label, Optional<Asked> asked) implements ContentSource {}

  /**
   * A copy of a remote snapshot.
   *
   * @param label what its host called it, such as {@code db@before}
   * @param place where it is stored
   * @param arrivedAt when all of it was here; empty while the volume cannot be used yet
   * @param asked how it was asked for; empty in records of before that was kept, and for what Moorage fetches by itself
   */
  record FromRepository(SnapshotId snapshot, String label, RemotePlace place, Optional<Instant> arrivedAt, Optional<Asked> asked)
      implements ContentSource {}

  /** Nothing, because {@code label} asked for the newest snapshot of a name that provably never had one. */
  record NeverSnapshotted(String label) implements ContentSource {}

  /** A clone of a volume as it was at that moment; {@code label} is what the user called it. */
  record FromVolume(VolumeId volume, String label) implements ContentSource {}

  /**
   * How a snapshot was asked for, so that a repeated request is told from one for another snapshot of the same name.
   *
   * @param words the request's own, such as {@code alpha/db@latest}
   * @param host where the snapshot that they meant was cut
   * @param owner whose volume that was
   */
  record Asked(String words, String host, Owner owner) {}
}
