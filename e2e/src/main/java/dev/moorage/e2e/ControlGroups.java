package dev.moorage.e2e;

import dev.moorage.testkit.Until;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The control groups of an engine's containers: empty directories outlive the processes that were in them. */
final class ControlGroups {

  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  private ControlGroups() {}

  /** The parent of all groups of the engine that works in this directory. */
  static String parentOf(Path directory) {
    return "/moorage-" + directory.getFileName();
  }

  /** Removes them from every hierarchy; the kernel lets go of a group a moment after its last process. */
  static void remove(Path directory) throws IOException {
    for (Path group : groups(parentOf(directory).substring(1))) {
      Until.holds(Duration.ofSeconds(3), () -> isRemoved(group));
    }
  }

  private static List<Path> groups(String name) throws IOException {
    List<Path> found = new ArrayList<>();
    if (Files.exists(ROOT.resolve(name))) {
      found.add(ROOT.resolve(name));
    }
    try (DirectoryStream<Path> hierarchies = Files.newDirectoryStream(ROOT, Files::isDirectory)) {
      for (Path hierarchy : hierarchies) {
        if (Files.exists(hierarchy.resolve(name))) {
          found.add(hierarchy.resolve(name));
        }
      }
    }
    return found;
  }

  private static boolean isRemoved(Path group) {
    try (Stream<Path> below = Files.walk(group)) {
      for (Path each : below.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
      return true;
    } catch (IOException | UncheckedIOException busy) {
      return !Files.exists(group);
    }
  }
}
