package dev.moorage.repository.key;

/**
 * How a secret becomes a key, as its slot says it.
 *
 * @param function the word of the format
 * @param iterations how often PBKDF2 turns; 0 where nothing is stretched
 */
public record Stretching(String function, int iterations) {

  /** For passphrases: PBKDF2 with HMAC-SHA-512. */
  public static final String PBKDF2 = "pbkdf2-hmac-sha512";

  /** For secrets that are random already. */
  public static final String NONE = "none";

  /** Fewer would make guessing a passphrase cheap. */
  public static final int ITERATIONS_MIN = 600_000;

  /** More would let a forged slot keep the machine busy for hours. */
  private static final int ITERATIONS_MAX = 100_000_000;

  /** Checks that this is a function and a number that Moorage writes. */
  public Stretching {
    boolean known = switch (function) {
      case PBKDF2 -> iterations >= 1 && iterations <= ITERATIONS_MAX;
      case NONE -> iterations == 0;
      default -> false;
    };
    if (!known) {
      throw new IllegalArgumentException("unknown key derivation '" + function + "' with " + iterations + " iterations");
    }
  }

  /** What new slots of this kind use. */
  public static Stretching of(SlotKind kind) {
    return switch (kind) {
      case PASSPHRASE -> new Stretching(PBKDF2, ITERATIONS_MIN);
      case KEY_FILE, RECOVERY -> new Stretching(NONE, 0);
    };
  }
}
