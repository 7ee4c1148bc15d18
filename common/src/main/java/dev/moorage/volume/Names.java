package dev.moorage.volume;

import java.util.regex.Pattern;

/** The one rule for every name that a user chooses; it keeps names safe as words of a command line, a URL and a message. */
final class Names {

  private static final Pattern RULE = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}");

  private Names() {}

  static String check(String kind, String value) {
    if (!RULE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "'" + shown(value) + "' is not " + ("aeiou".indexOf(kind.charAt(0)) < 0 ? "a " : "an ") + kind
              + " name; use 1 to 128 letters, digits, '_', '.' and '-', beginning with a letter or digit");
    }
    return value;
  }

  /** At most 64 characters, with everything that is not printable ASCII replaced: for messages about hostile input. */
  private static String shown(String value) {
    String printable = value.replaceAll("[^\\x20-\\x7e]", "?");
    return printable.length() <= 64 ? printable : printable.substring(0, 64) + "…";
  }
}
