package dev.moorage.volume;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** A filesystem that Moorage makes inside a volume. */
public enum FilesystemType {
  EXT4,
  XFS;

  /** The word that users type and records hold. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All words, for messages: {@code a, b, c}. */
  public static String words() {
    return Arrays.stream(values()).map(FilesystemType::word).collect(Collectors.joining(", "));
  }

  /**
   * Reads the word.
   *
   * @throws IllegalArgumentException with a sentence for the user that lists the words there are
   */
  public static FilesystemType parse(String word) {
    for (FilesystemType each : values()) {
      if (each.word().equals(word)) {
        return each;
      }
    }
    throw new IllegalArgumentException("'" + word + "' is not a filesystem; there are: " + words());
  }
}
