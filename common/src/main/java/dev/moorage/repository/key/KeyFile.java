package dev.moorage.repository.key;

import java.security.SecureRandom;

/** A file of random bytes that a machine keeps; every byte of it counts. */
public final class KeyFile implements UnlockSecret {

  /** A shorter file could be guessed. */
  public static final int BYTES_MIN = 32;

  /** A longer one is surely the wrong file. */
  public static final int BYTES_MAX = 64 << 10;

  private final byte[] content;

  /**
   * The key file with this content.
   *
   * @throws IllegalArgumentException when it is shorter than {@link #BYTES_MIN} or longer than {@link #BYTES_MAX}
   */
  public KeyFile(byte[] content) {
    if (content.length < BYTES_MIN || content.length > BYTES_MAX) {
      throw new IllegalArgumentException(
          "a key file has " + BYTES_MIN + " to " + BYTES_MAX + " random bytes, this one has " + content.length);
    }
    this.content = content.clone();
  }

  /** What to write into a new key file. */
  public static byte[] generate(SecureRandom random) {
    byte[] content = new byte[BYTES_MIN];
    random.nextBytes(content);
    return content;
  }

  @Override
  public SlotKind kind() {
    return SlotKind.KEY_FILE;
  }

  @Override
  public byte[] stretched(Stretching stretching, byte[] salt) {
    return content.clone();
  }

  @Override
  public String toString() {
    return "key file";
  }
}
