package dev.moorage.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The mount tables of other processes' mount namespaces, by way of /proc/PID.
 * A namespace without a process, or whose processes we may not look at, is not seen: whether a device is in use at all is
 * for {@link LoopDevices#isIdle} to say.
 */
final class MountNamespaces {

  private static final Path PROC = Path.of("/proc");

  private MountNamespaces() {}

  /** Whether the device is mounted in a namespace other than ours. Reads one table for each namespace. */
  static boolean anyOtherHas(DeviceNumber device) throws IOException {
    return anyOtherHas(device.toString(), _ -> true);
  }

  /** Whether a mount of the device (major:minor) in a namespace other than ours is one that is looked for. */
  static boolean anyOtherHas(String device, Predicate<Mounts.Entry> wanted) throws IOException {
    Set<Path> seen = new HashSet<>();
    seen.add(Files.readSymbolicLink(PROC.resolve("self/ns/mnt")));
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        if (has(process, device, wanted, seen)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean has(Path process, String device, Predicate<Mounts.Entry> wanted, Set<Path> seen) {
    try {
      Path namespace = Files.readSymbolicLink(process.resolve("ns/mnt"));
      if (seen.contains(namespace)) {
        return false;
      }
      boolean has = Files.readAllLines(process.resolve("mountinfo"), StandardCharsets.ISO_8859_1).stream()
          .filter(line -> line.split(" ", 4)[2].equals(device))
          .flatMap(line -> MountTable.parse(line).stream())
          .anyMatch(line -> wanted.test(line.entry()));
      // Only now: had this process ended meanwhile, another one of the same namespace would have to answer.
      seen.add(namespace);
      return has;
    } catch (IOException e) {
      // It has ended (ENOENT, ESRCH), is a zombie, which has no mounts (EINVAL), or is shielded even from root (EACCES).
      return false;
    }
  }
}
