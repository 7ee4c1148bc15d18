package dev.moorage.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The machine's files as seen from {@code root}, which is {@code /} but in tests. */
record Host(Path root) {

  private static final List<String> PROGRAMS = List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/local/bin");

  Path file(String absolute) {
    return root.resolve(absolute.substring(1));
  }

  /** The text of a file, or empty when there is none. */
  Optional<String> text(String absolute) throws IOException {
    Path file = file(absolute);
    return Files.isReadable(file) ? Optional.of(Files.readString(file)) : Optional.empty();
  }

  /** Where the program is installed. */
  Optional<Path> program(String name) {
    return PROGRAMS.stream().map(directory -> file(directory + "/" + name)).filter(Files::isExecutable).findFirst();
  }
}
