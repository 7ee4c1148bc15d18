package dev.moorage.repository;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * 128 bits as two numbers, and their one text form: 32 lower-case hexadecimal digits. The ids of sessions, packs, slots and blobs
 * are such bits.
 *
 * @param high the first eight bytes, big-endian
 * @param low the last eight bytes, big-endian
 */
public record Hex128(long high, long low) {

  /** Bytes of the binary form. */
  public static final int BYTES = 16;

  private static final int DIGITS = 32;
  private static final HexFormat FORMAT = HexFormat.of();

  /** 128 fresh random bits. */
  public static Hex128 random(SecureRandom random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return read(ByteBuffer.wrap(bytes));
  }

  /** Reads the binary form from where the buffer stands. */
  public static Hex128 read(ByteBuffer from) {
    return new Hex128(from.getLong(), from.getLong());
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not 32 lower-case hexadecimal digits
   */
  public static Hex128 parse(String text) {
    if (text.length() != DIGITS || !text.chars().allMatch(Hex128::isDigit)) {
      throw new IllegalArgumentException("not an id of 32 lower-case hexadecimal digits: " + text);
    }
    return new Hex128(HexFormat.fromHexDigitsToLong(text, 0, 16), HexFormat.fromHexDigitsToLong(text, 16, DIGITS));
  }

  /** The text form of these bits. */
  public static String text(long high, long low) {
    return FORMAT.toHexDigits(high) + FORMAT.toHexDigits(low);
  }

  private static boolean isDigit(int character) {
    return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'f');
  }

  @Override
  public String toString() {
    return text(high, low);
  }
}
