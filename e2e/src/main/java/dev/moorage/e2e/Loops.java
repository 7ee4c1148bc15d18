package dev.moorage.e2e;

import dev.moorage.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Loop devices that serve files of one directory, also those on a filesystem that is itself in a file there. */
final class Loops {

  private Loops() {}

  private record Bound(String device, String number, String fileOn, String file) {}

  /** Innermost first, which is the order in which they can be released. */
  static List<Path> of(Path directory) throws IOException {
    List<Bound> found = new ArrayList<>();
    List<Bound> all = bound();
    all.stream().filter(each -> each.file().startsWith(directory + "/")).forEach(found::add);
    // A file inside a private mount has no path here, but the number of the device that it lies on.
    for (int i = 0; i < found.size(); i++) {
      String number = found.get(i).number();
      all.stream().filter(each -> each.fileOn().equals(number) && !found.contains(each)).forEach(found::add);
    }
    return found.reversed().stream().map(each -> Path.of(each.device())).toList();
  }

  static List<Path> stillBound(List<Path> devices) {
    return devices.stream()
        .filter(device -> Files.exists(Path.of("/sys/block", device.getFileName().toString(), "loop/backing_file")))
        .toList();
  }

  private static List<Bound> bound() throws IOException {
    String table = Command.of("losetup", "--list", "--noheadings", "--raw",
        "--output", "NAME,MAJ:MIN,BACK-MAJ:MIN,BACK-FILE").run();
    return table.lines()
        .map(line -> line.strip().split("\\s+", 4))
        .filter(words -> words.length == 4)
        .map(words -> new Bound(words[0], words[1], words[2], words[3]))
        .toList();
  }
}
