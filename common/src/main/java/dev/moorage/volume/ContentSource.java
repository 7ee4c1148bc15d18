package dev.moorage.volume;

/** Where the first content of a volume comes from; recorded for ever in its record. */
public sealed interface ContentSource {

  /** A new, empty volume. */
  record Empty() implements ContentSource {}

  /** A clone of a snapshot; {@code label} is what the user called it, such as {@code db@before}. */
  record FromSnapshot(SnapshotId snapshot, String label) implements ContentSource {}

  /** A clone of a volume as it was at that moment; {@code label} is what the user called it. */
  record FromVolume(VolumeId volume, String label) implements ContentSource {}
}
