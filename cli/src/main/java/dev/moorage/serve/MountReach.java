package dev.moorage.serve;

import dev.moorage.config.Configuration;
import dev.moorage.linux.Mounts;
import dev.moorage.linux.Mounts.Entry;
import dev.moorage.linux.Mounts.Propagation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A service in a container mounts volumes for processes outside of it. Unless its directories are shared with the host, those would find
 * empty directories and write to the host's disk: so it looks before it serves. Our image says by a variable that it is one.
 */
final class MountReach {

  /** Set to {@code yes} in the image. */
  static final String CONTAINER = "MOORAGE_CONTAINER";

  private MountReach() {}

  /** Refuses to start in a container whose mounts stay in it; elsewhere the host's own namespace is what we mount in. A router mounts nothing. */
  static void demand(Configuration configuration, Map<String, String> environment) throws CannotServe {
    if (!"yes".equals(environment.get(CONTAINER)) || configuration.csi().controller()) {
      return;
    }
    demandShared(configuration.runDir());
    Optional<Path> kubelet = configuration.csi().registration().map(Path::getParent).map(Path::getParent);
    if (kubelet.isPresent()) {
      demandShared(kubelet.get());
    }
  }

  private static void demandShared(Path directory) throws CannotServe {
    try {
      Path there = existing(directory);
      if (Mounts.propagation(there) == Propagation.SHARED) {
        return;
      }
      Entry mount = Mounts.holding(there);
      throw new CannotServe("cannot start: this is a container, and what is mounted below " + directory + " does not reach its host: "
          + (mount.target().equals(Path.of("/")) ? "no volume is mounted at it"
              : "the volume at " + mount.target() + " is not shared with the host")
          + ". Mount the host's " + directory + " there with mountPropagation: Bidirectional (Kubernetes, in a privileged container)"
          + " or with -v " + directory + ":" + directory + ":rshared (Docker)", null);
    } catch (IOException e) {
      throw new CannotServe("cannot start: it cannot be seen whether mounts in " + directory + " reach the host: " + e.getMessage(), e);
    }
  }

  /** The directory, or the nearest above it that is there. */
  private static Path existing(Path directory) {
    Path there = directory.toAbsolutePath().normalize();
    while (!Files.isDirectory(there)) {
      Path above = there.getParent();
      if (above == null) {
        return there;
      }
      there = above;
    }
    return there;
  }
}
