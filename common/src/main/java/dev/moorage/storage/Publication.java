package dev.moorage.storage;

import dev.moorage.linux.Mounts;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * A path at which a consumer of CSI is to see a volume.
 *
 * @param target a directory for filesystem access, a file for raw access; made when absent, in a directory that is there
 * @param flags of this mount alone; {@link Mounts.Flag#READ_ONLY} when nothing may be written through it
 * @param onlyBeside when present, the volume may have no other consumer than this path and the target
 */
public record Publication(Path target, Set<Mounts.Flag> flags, Optional<Path> onlyBeside) {

  public Publication {
    flags = Set.copyOf(flags);
  }

  boolean isReadOnly() {
    return flags.contains(Mounts.Flag.READ_ONLY);
  }
}
