package dev.moorage.cli;

import dev.moorage.linux.FileTrouble;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A directory of this process for files on their way, which is gone at the end; those that killed processes of this user left beside it
 * go, too.
 */
record SpoolDirectory(Path path) implements AutoCloseable {

  private static final String PREFIX = "moorage-spool-";
  private static final Pattern NAME = Pattern.compile(PREFIX + "(\\d{1,10})-.*");

  /** Makes one below the directory. */
  static SpoolDirectory in(String action, String directory) throws VolumeException {
    Path parent = Path.of(directory).toAbsolutePath();
    try {
      sweep(parent);
      return new SpoolDirectory(Files.createTempDirectory(parent, PREFIX + ProcessHandle.current().pid() + "-",
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
    } catch (IOException e) {
      throw new Unavailable(action, "nothing can be written below " + parent + ": " + FileTrouble.text(e), "Name another directory: --spool", e);
    }
  }

  private static void sweep(Path parent) throws IOException {
    try (Stream<Path> entries = Files.list(parent)) {
      for (Path entry : entries.filter(SpoolDirectory::isLeft).toList()) {
        remove(entry);
      }
    }
  }

  private static boolean isLeft(Path entry) {
    Matcher name = NAME.matcher(entry.getFileName().toString());
    return name.matches() && Files.isDirectory(entry) && !Files.isSymbolicLink(entry) && isOurs(entry)
        && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty();
  }

  private static boolean isOurs(Path entry) {
    try {
      return Files.getOwner(entry).getName().equals(System.getProperty("user.name"));
    } catch (IOException e) {
      return false;
    }
  }

  private static void remove(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(directory);
  }

  /** What stays when it cannot be removed is swept by the next one. */
  @Override
  public void close() {
    try {
      remove(path);
    } catch (IOException e) {
      System.getLogger(SpoolDirectory.class.getName()).log(System.Logger.Level.DEBUG, path + " is left", e);
    }
  }
}
