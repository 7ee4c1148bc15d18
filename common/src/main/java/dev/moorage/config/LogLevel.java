package dev.moorage.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How much the service logs: each level includes those before it. */
public enum LogLevel {
  ERROR,
  WARNING,
  INFO,
  DEBUG;

  /** The word that users type. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads the word.
   *
   * @throws IllegalArgumentException with a sentence for the user that lists the words there are
   */
  public static LogLevel parse(String word) {
    for (LogLevel each : values()) {
      if (each.word().equals(word)) {
        return each;
      }
    }
    String words = Arrays.stream(values()).map(LogLevel::word).collect(Collectors.joining(", "));
    throw new IllegalArgumentException("'" + word + "' is not a log level; there are: " + words);
  }
}
