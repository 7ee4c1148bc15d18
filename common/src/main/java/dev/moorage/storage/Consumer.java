package dev.moorage.storage;

import java.nio.file.Path;

/** Who uses a volume. */
public sealed interface Consumer {

  /** A container's mount as dockerd names it: the same id may come several times, and again after a crash. */
  record DockerMount(String id) implements Consumer {}

  /** A path of a CSI call: counted once however often it is repeated. */
  record CsiPath(Path path) implements Consumer {}
}
