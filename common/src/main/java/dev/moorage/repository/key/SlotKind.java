package dev.moorage.repository.key;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What opens a key slot. */
public enum SlotKind {
  /** Words that a person remembers. */
  PASSPHRASE("passphrase"),
  /** A file of random bytes that a machine keeps. */
  KEY_FILE("keyfile"),
  /** The words that were shown once when the repository was made. */
  RECOVERY("recovery");

  private final String word;

  SlotKind(String word) {
    this.word = word;
  }

  /** Its word in slots and on the command line. */
  public String word() {
    return word;
  }

  /**
   * Reads the word.
   *
   * @throws IllegalArgumentException with a sentence that lists the words there are
   */
  public static SlotKind parse(String word) {
    for (SlotKind each : values()) {
      if (each.word.equals(word)) {
        return each;
      }
    }
    String words = Arrays.stream(values()).map(SlotKind::word).collect(Collectors.joining(", "));
    throw new IllegalArgumentException("'" + word + "' is not a kind of key slot; there are: " + words);
  }
}
