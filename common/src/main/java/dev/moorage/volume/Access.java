package dev.moorage.volume;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a consumer of a volume gets. */
public enum Access {
  /** A mounted directory tree. */
  FILESYSTEM,
  /** The raw device. */
  BLOCK;

  /** The word that users type and records hold. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All words, for messages: {@code a, b, c}. */
  public static String words() {
    return Arrays.stream(values()).map(Access::word).collect(Collectors.joining(", "));
  }

  /**
   * Reads the word.
   *
   * @throws IllegalArgumentException with a sentence for the user that lists the words there are
   */
  public static Access parse(String word) {
    for (Access each : values()) {
      if (each.word().equals(word)) {
        return each;
      }
    }
    throw new IllegalArgumentException("'" + word + "' is not a kind of access; there are: " + words());
  }
}
