package dev.moorage.repository.pack;

import dev.moorage.repository.Hex128;

/**
 * What a blob holds: the first 16 bytes of HMAC-SHA-256 of its text with the repository's id key. Equal ids mean equal texts; who
 * does not have the key learns nothing from one.
 *
 * @param high the first eight bytes, big-endian
 * @param low the last eight bytes, big-endian
 */
public record BlobId(long high, long low) {

  /** Bytes of the binary form. */
  public static final int BYTES = 16;

  @Override
  public String toString() {
    return Hex128.text(high, low);
  }
}
