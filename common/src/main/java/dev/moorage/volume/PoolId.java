package dev.moorage.volume;

import java.util.UUID;

/** What a pool is, for ever and on every host. Generated once, never used again; its text form is that of a UUID in lower case. */
public record PoolId(UUID value) {

  public static PoolId random() {
    return new PoolId(UUID.randomUUID());
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not a UUID in its canonical form
   */
  public static PoolId parse(String text) {
    PoolId id = new PoolId(UUID.fromString(text));
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
