package dev.moorage.volume;

import java.util.UUID;

/** What a volume is, for ever and on every host. Generated once, never used again; its text form is that of a UUID in lower case. */
public record VolumeId(UUID value) {

  public static VolumeId random() {
    return new VolumeId(UUID.randomUUID());
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not a UUID in its canonical form
   */
  public static VolumeId parse(String text) {
    VolumeId id = new VolumeId(UUID.fromString(text));
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
