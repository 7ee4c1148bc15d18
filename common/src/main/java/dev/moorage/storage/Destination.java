package dev.moorage.storage;

import dev.moorage.volume.DedupScope;
import java.util.Optional;

/**
 * Where a snapshot is to be uploaded.
 *
 * @param repository its name on this host
 * @param dedup how far content is looked for before it is stored, when it is not to be as the repository's settings say
 */
public record Destination(String repository, Optional<DedupScope> dedup) {

  /** As the repository's settings say. */
  public static Destination to(String repository) {
    return new Destination(repository, Optional.empty());
  }
}
