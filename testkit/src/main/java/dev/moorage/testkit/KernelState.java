package dev.moorage.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the kernel says about mounts and loop devices, read from /proc and /sys with nothing of the product in between: a test
 * must not be deceived by the code that it tests.
 */
public final class KernelState {

  private static final String DELETED = " (deleted)";

  private KernelState() {}

  /** Mount points of this mount namespace at or beneath a directory, in mount order. */
  public static List<Path> mountsUnder(Path directory) {
    List<Path> found = new ArrayList<>();
    for (String line : lines(Path.of("/proc/self/mountinfo"))) {
      Path target = Path.of(unescaped(line.split(" ", 6)[4]));
      if (target.startsWith(directory)) {
        found.add(target);
      }
    }
    return found;
  }

  /** Bound loop devices and the files they are bound to, for files at or beneath a directory. */
  public static Map<Path, Path> loopsUnder(Path directory) {
    Map<Path, Path> found = new LinkedHashMap<>();
    try (DirectoryStream<Path> devices = Files.newDirectoryStream(Path.of("/sys/block"), "loop*")) {
      for (Path device : devices) {
        Path file = backingFile(device);
        if (file.startsWith(directory)) {
          found.put(Path.of("/dev").resolve(device.getFileName().toString()), file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /** The file that a loop device is bound to; an empty path when it is bound to none. */
  private static Path backingFile(Path sysBlock) {
    try {
      String text = Files.readString(sysBlock.resolve("loop/backing_file")).strip();
      return Path.of(text.endsWith(DELETED) ? text.substring(0, text.length() - DELETED.length()) : text);
    } catch (IOException e) {
      // Not bound, or released between the listing and the reading: both mean that nothing is left of it.
      return Path.of("");
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Undoes the octal escapes of proc_pid_mountinfo(5). */
  private static String unescaped(String field) {
    return field.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\");
  }
}
