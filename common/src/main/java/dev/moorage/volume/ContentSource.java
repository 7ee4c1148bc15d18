package dev.moorage.volume;

import java.time.Instant;
import java.util.Optional;

/** Where the first content of a volume comes from; recorded for ever in its record. */
public sealed interface ContentSource {

  /** A new, empty volume. */
  record Empty() implements ContentSource {}

  /** A clone of a snapshot; {@code label} is what the user called it, such as {@code db@before}. */
  record FromSnapshot(SnapshotId snapshot, String label) implements ContentSource {}

  /**
   * A copy of a remote snapshot.
   *
   * @param label what its host called it, such as {@code db@before}
   * @param place where it is stored
   * @param arrivedAt when all of it was here; empty while the volume cannot be used yet
   */
  record FromRepository(SnapshotId snapshot, String label, RemotePlace place, Optional<Instant> arrivedAt) implements ContentSource {}

  /** Nothing, because {@code label} asked for the newest snapshot of a name that provably never had one. */
  record NeverSnapshotted(String label) implements ContentSource {}

  /** A clone of a volume as it was at that moment; {@code label} is what the user called it. */
  record FromVolume(VolumeId volume, String label) implements ContentSource {}
}
