package dev.moorage.volume;

import java.util.UUID;

/** What a snapshot is, for ever and on every host. Generated once, never used again; its text form is that of a UUID in lower case. */
public record SnapshotId(UUID value) {

  public static SnapshotId random() {
    return new SnapshotId(UUID.randomUUID());
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not a UUID in its canonical form
   */
  public static SnapshotId parse(String text) {
    SnapshotId id = new SnapshotId(UUID.fromString(text));
    if (!id.toString().equals(text)) {
      throw new IllegalArgumentException("not a canonical id: " + text);
    }
    return id;
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
