package dev.moorage.doctor;

import dev.moorage.linux.Errno;
import dev.moorage.linux.ErrnoException;
import dev.moorage.linux.FileOps;
import dev.moorage.linux.Machine;
import dev.moorage.linux.Mounts;
import dev.moorage.linux.Mounts.Propagation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether mounts of the service reach the containers, and whether one of them is frozen. */
final class MountChecks {

  private static final String CHECK = "propagation";

  private final Host host;
  private final Path runDir;

  MountChecks(Host host, Path runDir) {
    this.host = host;
    this.runDir = runDir;
  }

  /** {@code servicePid} is the running service's process. A mount that only the service sees makes containers write to the root disk. */
  List<Finding> propagation(Optional<Long> servicePid) throws IOException {
    Optional<Path> init = namespace(1);
    Optional<Path> service = namespace(servicePid.orElseGet(() -> ProcessHandle.current().pid()));
    if (init.isEmpty() || service.isEmpty()) {
      return List.of(Files.isDirectory(runDir) && Mounts.propagation(runDir) == Propagation.SHARED
          ? Finding.ok(CHECK, "mounts in " + runDir + " are shared with other mount namespaces")
          : Finding.warn(CHECK, "it cannot be seen whether the service mounts in the host's mount namespace",
              "Run the doctor as root, on the host and not in a container"));
    }
    if (init.equals(service)) {
      return List.of(Finding.ok(CHECK, "mounts are made in the host's own mount namespace"));
    }
    if (servicePid.isEmpty()) {
      return List.of(Finding.warn(CHECK, "the doctor runs in a mount namespace of its own, such as a container's",
          "Run it on the host to know about the host"));
    }
    return List.of(apart());
  }

  private Finding apart() throws IOException {
    Propagation propagation = Files.isDirectory(runDir) ? Mounts.propagation(runDir) : Propagation.PRIVATE;
    return switch (propagation) {
      case SHARED -> Finding.ok(CHECK, "the service has a mount namespace of its own, but " + runDir + " is shared with the host");
      case SLAVE, PRIVATE -> Finding.fail(CHECK, "the service has a mount namespace of its own and its mounts in " + runDir
          + " do not reach the host: containers would write to the root disk",
          "Take PrivateTmp=, ProtectSystem=, PrivateMounts= and the like out of its unit; in a container, bind the directory rshared");
    };
  }

  private Optional<Path> namespace(long pid) {
    try {
      return Optional.of(Files.readSymbolicLink(host.file("/proc/" + pid + "/ns/mnt")));
    } catch (IOException notOurs) {
      return Optional.empty();
    }
  }

  /**
   * Mounts that a snapshot has left frozen. There is no way to ask, only to thaw: so this is for when no service runs, which
   * alone could have a reason to keep one frozen, and it says what it did.
   */
  List<Finding> frozen() throws IOException {
    if (!Machine.isRoot()) {
      return List.of();
    }
    List<Finding> findings = new ArrayList<>();
    for (Mounts.Entry mount : Mounts.table()) {
      if (mount.target().startsWith(runDir) && mount.source().startsWith("/dev/loop") && thaw(mount.target())) {
        findings.add(Finding.warn("frozen", mount.target() + " was frozen, with nobody left to thaw it; its writers waited",
            "Nothing more: the doctor has thawed it"));
      }
    }
    return findings.isEmpty() ? List.of(Finding.ok("frozen", "no mount of a volume is frozen")) : findings;
  }

  private static boolean thaw(Path mountPoint) throws IOException {
    try {
      FileOps.thaw(mountPoint);
      return true;
    } catch (ErrnoException e) {
      if (e.is(Errno.EINVAL)) {
        return false;
      }
      throw e;
    }
  }
}
