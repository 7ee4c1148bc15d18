package dev.moorage.repository.key;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Locale;

/**
 * 160 random bits that a person writes on paper: nine groups of four letters and digits, of which the last four characters are too
 * many to be right by chance when one was misread. The alphabet (Crockford's) has no I, L, O and U; small letters, missing hyphens
 * and O for 0 or I for 1 are understood.
 */
public final class RecoveryKey implements UnlockSecret {

  private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  private static final int SECRET_BYTES = 20;
  private static final int SECRET_CHARACTERS = 32;
  private static final int CHECK_CHARACTERS = 4;
  private static final int CHARACTERS = SECRET_CHARACTERS + CHECK_CHARACTERS;
  private static final int GROUP = 4;
  private static final int BITS = 5;

  private final byte[] secret;

  private RecoveryKey(byte[] secret) {
    this.secret = secret;
  }

  /** A new key. Show {@link #words} once and keep neither. */
  public static RecoveryKey generate(SecureRandom random) {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    return new RecoveryKey(secret);
  }

  /**
   * Reads what a person typed.
   *
   * @throws IllegalArgumentException with a sentence for that person
   */
  public static RecoveryKey parse(String typed) {
    String characters = typed.toUpperCase(Locale.ROOT).replaceAll("[\\s-]", "")
        .replace('O', '0').replace('I', '1').replace('L', '1');
    if (characters.length() != CHARACTERS) {
      throw new IllegalArgumentException(
          "a recovery key has " + CHARACTERS + " letters and digits, this one has " + characters.length());
    }
    BigInteger value = BigInteger.ZERO;
    for (char character : characters.substring(0, SECRET_CHARACTERS).toCharArray()) {
      value = value.shiftLeft(BITS).or(BigInteger.valueOf(digit(character)));
    }
    RecoveryKey key = new RecoveryKey(bytes(value));
    if (!key.characters().equals(characters)) {
      throw new IllegalArgumentException("the recovery key has a typing mistake: its last four characters do not fit the others");
    }
    return key;
  }

  /** What is shown, such as {@code 7K3M-...}. */
  public String words() {
    return characters().replaceAll("(.{" + GROUP + "})(?!$)", "$1-");
  }

  @Override
  public SlotKind kind() {
    return SlotKind.RECOVERY;
  }

  @Override
  public byte[] stretched(Stretching stretching, byte[] salt) {
    return secret.clone();
  }

  @Override
  public String toString() {
    return "recovery key";
  }

  private String characters() {
    return base32(new BigInteger(1, secret), SECRET_CHARACTERS) + base32(check(), CHECK_CHARACTERS);
  }

  /** The first 20 bits of a hash that nothing else uses, so that they tell nothing about the keys derived from the secret. */
  private BigInteger check() {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update("moorage/1/recovery-check".getBytes(US_ASCII));
      byte[] hash = sha.digest(secret);
      return new BigInteger(1, Arrays.copyOf(hash, 3)).shiftRight(3 * Byte.SIZE - CHECK_CHARACTERS * BITS);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("BUG: the Java runtime has no SHA-256", e);
    }
  }

  private static String base32(BigInteger value, int characters) {
    StringBuilder text = new StringBuilder();
    for (int i = characters - 1; i >= 0; i--) {
      text.append(ALPHABET.charAt(value.shiftRight(i * BITS).intValue() & (1 << BITS) - 1));
    }
    return text.toString();
  }

  private static int digit(char character) {
    int digit = ALPHABET.indexOf(character);
    if (digit < 0) {
      throw new IllegalArgumentException("a recovery key does not have the character '" + character + "'");
    }
    return digit;
  }

  private static byte[] bytes(BigInteger value) {
    byte[] signed = value.toByteArray();
    byte[] bytes = new byte[SECRET_BYTES];
    int length = Math.min(signed.length, SECRET_BYTES);
    System.arraycopy(signed, signed.length - length, bytes, SECRET_BYTES - length, length);
    return bytes;
  }
}
