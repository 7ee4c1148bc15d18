package dev.moorage.admin;

import dev.moorage.volume.VolumeException.InvalidArgument;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Function;

/** Reads single words of a request and shows hostile ones safely. */
final class Words {

  private static final int SENTENCE_CHARS_MAX = 300;

  private Words() {}

  /** What the reader makes of the text; its IllegalArgumentException, a sentence for the user, becomes the answer. */
  static <T> T read(String action, String text, Function<String, T> reader) throws InvalidArgument {
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidArgument(action, sentence(String.valueOf(e.getMessage())), "", e);
    }
  }

  /** A sentence that may quote what the caller sent: on one line, and not too long. */
  private static String sentence(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= SENTENCE_CHARS_MAX ? line : line.substring(0, SENTENCE_CHARS_MAX) + "…";
  }

  /** Printable ASCII only, and not too much of it. */
  static String shown(String text, int charsMax) {
    String printable = text.replaceAll("[^\\x20-\\x7e]", "?");
    return printable.length() <= charsMax ? printable : printable.substring(0, charsMax) + "…";
  }

  /** An absolute path of this host. */
  static Path absolute(String text) {
    return rooted(text).normalize();
  }

  /** An absolute path in a filesystem that is not looked at yet: what {@code ..} climbs from may be a link, so it stays. */
  static Path rooted(String text) {
    try {
      if (text.startsWith("/")) {
        return Path.of(text);
      }
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("'" + shown(text, 128) + "' is not a path", e);
    }
    throw new IllegalArgumentException("'" + shown(text, 128) + "' is not an absolute path");
  }
}
