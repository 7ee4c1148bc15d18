package dev.moorage.repository;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.UUID;

/**
 * What a repository is, for ever, wherever it is copied to. It is bound into everything that is encrypted, so an object of one
 * repository is never accepted in another. Its text form is that of a UUID in lower case.
 */
public record RepositoryId(UUID value) {

  /** The length of {@link #toBytes}. */
  public static final int BYTES = 16;

  /** A new id. */
  public static RepositoryId random(SecureRandom random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    // The version and variant of a random UUID, so that other programs take it for one.
    bytes[6] = (byte) ((bytes[6] & 0x0F) | 0x40);
    bytes[8] = (byte) ((bytes[8] & 0x3F) | 0x80);
    return of(bytes);
  }

  /** The id of these 16 bytes. */
  public static RepositoryId of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a repository id has " + BYTES + " bytes, not " + bytes.length);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new RepositoryId(new UUID(buffer.getLong(), buffer.getLong()));
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not a UUID in its canonical form
   */
  public static RepositoryId parse(String text) {
    RepositoryId id = new RepositoryId(UUID.fromString(text));
    if (!id.toString().equals(text)) {
      throw new IllegalArgumentException("not a canonical id: " + text);
    }
    return id;
  }

  /** Its 16 bytes, big-endian. */
  public byte[] toBytes() {
    return ByteBuffer.allocate(BYTES).putLong(value.getMostSignificantBits()).putLong(value.getLeastSignificantBits()).array();
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
