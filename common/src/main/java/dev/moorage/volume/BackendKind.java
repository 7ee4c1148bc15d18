package dev.moorage.volume;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How a pool stores a volume. */
public enum BackendKind {
  /** A raw image on XFS with reflink behind a loop device. */
  IMAGE,
  /** A sub-directory. */
  DIRECTORY;

  /** The word that users type and records hold. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All words, for messages: {@code a, b, c}. */
  public static String words() {
    return Arrays.stream(values()).map(BackendKind::word).collect(Collectors.joining(", "));
  }

  /**
   * Reads the word.
   *
   * @throws IllegalArgumentException with a sentence for the user that lists the words there are
   */
  public static BackendKind parse(String word) {
    for (BackendKind each : values()) {
      if (each.word().equals(word)) {
        return each;
      }
    }
    throw new IllegalArgumentException("'" + word + "' is not a backend; there are: " + words());
  }
}
