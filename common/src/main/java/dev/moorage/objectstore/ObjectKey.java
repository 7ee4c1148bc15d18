package dev.moorage.objectstore;

import java.util.regex.Pattern;

/**
 * The name of an object within a store: segments of letters, digits, '_', '-', '.' and '=', joined by '/'. A segment begins with a
 * letter, a digit or '_', so that a name that begins with a dot is never an object's, and never holds two dots in a row. The same
 * text is safe as a key of any object store, as a path below a directory and in a message. No key may lie below another:
 * {@code a} and {@code a/b} cannot both be objects of one store.
 *
 * @param value at most {@value #LENGTH_MAX} characters, each segment at most {@value #SEGMENT_LENGTH_MAX}
 */
public record ObjectKey(String value) implements Comparable<ObjectKey> {

  public static final int LENGTH_MAX = 512;
  public static final int SEGMENT_LENGTH_MAX = 200;

  private static final Pattern SEGMENT = Pattern.compile("(?!.*\\.\\.)[A-Za-z0-9_][A-Za-z0-9_.=-]{0," + (SEGMENT_LENGTH_MAX - 1) + "}");

  /**
   * Checks the text.
   *
   * @throws IllegalArgumentException when it is no key
   */
  public ObjectKey {
    if (!isKey(value)) {
      throw new IllegalArgumentException("'" + shown(value) + "' is not the key of an object; use letters, digits, '_', '-', '.' and '=' in"
          + " segments that are joined by '/'");
    }
  }

  /** Whether the text is a key. */
  public static boolean isKey(String text) {
    if (text.length() > LENGTH_MAX) {
      return false;
    }
    for (String segment : text.split("/", -1)) {
      if (!SEGMENT.matcher(segment).matches()) {
        return false;
      }
    }
    return true;
  }

  /** The order of the bytes, which is that of a {@link Listing}. */
  @Override
  public int compareTo(ObjectKey other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }

  /** At most 64 characters, with everything that is not printable ASCII replaced: for messages about hostile input. */
  private static String shown(String value) {
    String printable = value.replaceAll("[^\\x20-\\x7e]", "?");
    return printable.length() <= 64 ? printable : printable.substring(0, 64) + "…";
  }
}
