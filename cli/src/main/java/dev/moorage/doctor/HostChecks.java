package dev.moorage.doctor;

import dev.moorage.linux.Capability;
import dev.moorage.linux.KernelVersion;
import dev.moorage.linux.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What the machine itself must have: rights, a kernel, programs, filesystems, loop devices, a clock. */
final class HostChecks {

  /** Programs that Moorage runs, and the package of Debian and most others that has them. */
  private static final Map<String, List<String>> PROGRAMS = Map.of(
      "e2fsprogs", List.of("mkfs.ext4", "resize2fs", "e2fsck", "debugfs"),
      "xfsprogs", List.of("mkfs.xfs", "xfs_growfs", "xfs_repair"));
  private static final Instant BEFORE_THIS_PROGRAM = Instant.parse("2026-01-01T00:00:00Z");

  private final Host host;
  private final Clock clock;

  HostChecks(Host host, Clock clock) {
    this.host = host;
    this.clock = clock;
  }

  List<Finding> rights() throws IOException {
    if (!Machine.isRoot()) {
      return List.of(Finding.warn("rights", "the doctor does not run as root, so it cannot look at everything", "Run it with sudo"));
    }
    return Capability.SYS_ADMIN.isEffective()
        ? List.of(Finding.ok("rights", "root, and may mount"))
        : List.of(Finding.fail("rights", "root, but without CAP_SYS_ADMIN: nothing can be mounted",
            "Run it outside of the container, or give the container that capability"));
  }

  List<Finding> kernel() throws IOException {
    KernelVersion kernel = Machine.kernel();
    return kernel.isAtLeast(5, 8)
        ? List.of(Finding.ok("kernel", "Linux " + kernel))
        : List.of(Finding.fail("kernel", "Linux " + kernel + " cannot configure loop devices in one step (LOOP_CONFIGURE)",
            "Update it to 5.8 or newer, or keep to the directory backend"));
  }

  List<Finding> programs() {
    Map<String, Set<String>> missing = new TreeMap<>();
    PROGRAMS.forEach((name, programs) -> programs.stream()
        .filter(program -> host.program(program).isEmpty())
        .forEach(program -> missing.computeIfAbsent(name, it -> new TreeSet<>()).add(program)));
    if (missing.isEmpty()) {
      return List.of(Finding.ok("programs", "everything that makes, grows and checks filesystems is installed"));
    }
    return missing.entrySet().stream()
        .map(entry -> Finding.fail("programs", "missing: " + String.join(", ", entry.getValue()),
            "Install the package " + entry.getKey() + ", for example: apt-get install " + entry.getKey()))
        .toList();
  }

  List<Finding> filesystems() throws IOException {
    Set<String> known = host.text("/proc/filesystems").orElse("").lines()
        .map(line -> line.substring(line.lastIndexOf('\t') + 1)).collect(Collectors.toSet());
    String release = host.text("/proc/sys/kernel/osrelease").orElse("").strip();
    List<Finding> findings = new ArrayList<>();
    for (String filesystem : List.of("xfs", "ext4")) {
      if (known.contains(filesystem)) {
        findings.add(Finding.ok("filesystems", "the kernel knows " + filesystem));
      } else if (Files.isDirectory(host.file("/lib/modules/" + release + "/kernel/fs/" + filesystem))) {
        findings.add(Finding.ok("filesystems", filesystem + " is a module that the kernel loads when it is needed"));
      } else {
        findings.add(Finding.fail("filesystems", "the kernel does not know " + filesystem
            + (filesystem.equals("xfs") ? ", on which the image backend keeps its volumes" : ", the usual filesystem of a volume"),
            "Load or install its module: modprobe " + filesystem));
      }
    }
    return findings;
  }

  List<Finding> loops() {
    return Files.exists(host.file("/dev/loop-control"))
        ? List.of(Finding.ok("loop", "loop devices can be made"))
        : List.of(Finding.fail("loop", "there is no /dev/loop-control, so no image can be attached",
            "modprobe loop; in a container, give it the host's /dev"));
  }

  List<Finding> time() {
    if (clock.instant().isBefore(BEFORE_THIS_PROGRAM)) {
      return List.of(Finding.fail("clock", "the clock says " + clock.instant() + ", which is before this program was made",
          "Set it: names and ages of snapshots, and the trash, go by it"));
    }
    boolean kept = Files.exists(host.file("/run/systemd/timesync/synchronized")) || Files.exists(host.file("/run/chrony"))
        || Files.exists(host.file("/run/ntpd.pid"));
    return List.of(Finding.ok("clock", "plausible" + (kept ? ", and kept right by a time service" : "")));
  }
}
