package dev.moorage.doctor;

import dev.moorage.linux.FileIdentity;
import dev.moorage.linux.LoopDevice;
import dev.moorage.linux.LoopDevices;
import dev.moorage.linux.LoopDevices.Binding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The loop devices that are bound: never two writable ones on one file, and direct I/O on those of a pool. */
final class LoopChecks {

  private final Host host;
  private final List<String> poolPaths;

  LoopChecks(Host host, List<String> poolPaths) {
    this.host = host;
    this.poolPaths = List.copyOf(poolPaths);
  }

  List<Finding> oneEach() throws IOException {
    return oneEach(LoopDevices.bound());
  }

  /** A read-only second device is harmless; two writable ones destroy the filesystem. */
  static List<Finding> oneEach(List<Binding> bound) {
    Map<FileIdentity, List<Binding>> writable = bound.stream()
        .filter(binding -> !binding.readOnly()).collect(Collectors.groupingBy(Binding::file));
    List<Finding> findings = new ArrayList<>();
    for (List<Binding> same : writable.values()) {
      if (same.size() > 1) {
        String devices = same.stream().map(binding -> binding.device().path().toString()).sorted().collect(Collectors.joining(" and "));
        findings.add(Finding.fail("one-loop", devices + " are bound to the same file: what is written through one is lost through the other",
            "Stop whoever uses the one that Moorage did not make (losetup -l), detach it with losetup -d, then check the filesystem"));
      }
    }
    return findings.isEmpty() ? List.of(Finding.ok("one-loop", "no file has two writable loop devices")) : findings;
  }

  List<Finding> directIo() throws IOException {
    TreeSet<String> buffered = new TreeSet<>();
    int ours = 0;
    for (Binding binding : LoopDevices.bound()) {
      String file = attribute(binding.device(), "backing_file");
      if (poolPaths.stream().anyMatch(pool -> file.startsWith(pool + "/"))) {
        ours++;
        if (attribute(binding.device(), "dio").equals("0")) {
          buffered.add(binding.device().path().toString());
        }
      }
    }
    if (!buffered.isEmpty()) {
      return List.of(Finding.warn("direct-io", String.join(", ", buffered) + " of a pool go through the page cache: data is held twice in memory",
          "Stop the containers that use them and start them again; if it stays so, the filesystem below has no direct I/O"));
    }
    return List.of(Finding.ok("direct-io", ours == 0 ? "no volume is attached now" : ours + " devices of pools, all with direct I/O"));
  }

  private String attribute(LoopDevice device, String name) throws IOException {
    return host.text("/sys/block/loop" + device.number() + "/loop/" + name).orElse("").strip();
  }
}
