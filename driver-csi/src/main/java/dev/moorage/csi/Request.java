package dev.moorage.csi;

import dev.moorage.volume.VolumeException.InvalidArgument;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/** What the specification demands of the fields of every request. {@code action} is what messages say. */
public record Request(String action) {

  private static final int TEXT_BYTES_MAX = 128;
  private static final int MAP_BYTES_MAX = 4096;
  private static final int PATH_BYTES_MAX = 4096;

  /** A field that must be there, of at most 128 bytes. */
  public String need(String field, String value) throws InvalidArgument {
    if (value.isEmpty()) {
      throw new InvalidArgument(action, "the field " + field + " is missing", "");
    }
    return text(field, value);
  }

  /** A field that may be empty, of at most 128 bytes and without control characters. */
  String text(String field, String value) throws InvalidArgument {
    int bytes = value.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > TEXT_BYTES_MAX) {
      throw new InvalidArgument(action, "the field " + field + " has " + bytes + " bytes", "It may have " + TEXT_BYTES_MAX);
    }
    if (value.codePoints().anyMatch(each -> Character.isISOControl(each) && each != '\t' && each != '\n' && each != '\r')) {
      throw new InvalidArgument(action, "the field " + field + " has control characters in it", "Leave them out");
    }
    return value;
  }

  /** A map of at most 4 KiB. */
  Map<String, String> map(String field, Map<String, String> value) throws InvalidArgument {
    long bytes = 0;
    for (Map.Entry<String, String> each : value.entrySet()) {
      bytes += each.getKey().getBytes(StandardCharsets.UTF_8).length + each.getValue().getBytes(StandardCharsets.UTF_8).length;
    }
    if (bytes > MAP_BYTES_MAX) {
      throw new InvalidArgument(action, "the field " + field + " has " + bytes + " bytes", "It may have " + MAP_BYTES_MAX);
    }
    return value;
  }

  /** An absolute path without detours. */
  Path path(String field, String value) throws InvalidArgument {
    if (value.isEmpty()) {
      throw new InvalidArgument(action, "the field " + field + " is missing", "");
    }
    if (value.getBytes(StandardCharsets.UTF_8).length > PATH_BYTES_MAX) {
      throw new InvalidArgument(action, "the path in " + field + " is too long", "It may have " + PATH_BYTES_MAX + " bytes");
    }
    try {
      Path path = Path.of(value);
      if (path.isAbsolute() && path.normalize().equals(path) && path.getNameCount() > 0) {
        return path;
      }
    } catch (InvalidPathException e) {
      throw new InvalidArgument(action, "the field " + field + " is no path", "Give an absolute one", e);
    }
    throw new InvalidArgument(action, "'" + shown(value) + "' in " + field + " is no absolute path without detours", "Give an absolute one");
  }

  /** Something that a caller sent, fit for a message. */
  public static String shown(String text) {
    String printable = text.replaceAll("[^\\x20-\\x7e]", "?");
    return printable.length() <= 64 ? printable : printable.substring(0, 64) + "...";
  }
}
