package dev.moorage.linux;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads mountinfo (proc_pid_mountinfo(5)): one mount a line, in mount order. */
final class MountTable {

  static final Path OWN = Path.of("/proc/self/mountinfo");

  private static final Charset PATHS = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
  private static final int FIXED_FIELDS = 6;

  private MountTable() {}

  /**
   * One line: {@code id parent major:minor root target options [tag…] - type source super-options}. The optional tags are
   * its propagation: {@code shared:1}, {@code master:2}, or none.
   */
  record Line(long id, Mounts.Entry entry, List<String> tags) {}

  static List<Line> read(Path mountInfo) throws IOException {
    List<Line> lines = new ArrayList<>();
    for (String text : Files.readAllLines(mountInfo, StandardCharsets.ISO_8859_1)) {
      parse(text).ifPresent(lines::add);
    }
    return lines;
  }

  /** Empty for a line whose paths this JVM cannot name, hence has not mounted: they are not text in its locale. */
  static Optional<Line> parse(String text) {
    String[] fields = text.split(" ");
    int separator = FIXED_FIELDS;
    while (!fields[separator].equals("-")) {
      separator++;
    }
    String superOptions = separator + 3 < fields.length ? fields[separator + 3] : "";
    try {
      return Optional.of(new Line(
          Long.parseLong(fields[0]),
          new Mounts.Entry(
              fields[2],
              unescape(fields[3]),
              Path.of(unescape(fields[4])),
              unescape(fields[separator + 1]),
              unescape(fields[separator + 2]),
              isReadOnly(fields[5]) || isReadOnly(superOptions)),
          List.of(fields).subList(FIXED_FIELDS, separator)));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static boolean isReadOnly(String options) {
    return List.of(options.split(",")).contains("ro");
  }

  /** The kernel writes blank, tab, newline, # and backslash as a backslash and three octal digits; the rest are raw bytes. */
  private static String unescape(String field) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(field.length());
    int at = 0;
    while (at < field.length()) {
      if (field.charAt(at) == '\\' && at + 3 < field.length()) {
        bytes.write(Integer.parseInt(field.substring(at + 1, at + 4), 8));
        at += 4;
      } else {
        bytes.write(field.charAt(at));
        at++;
      }
    }
    return bytes.toString(PATHS);
  }
}
