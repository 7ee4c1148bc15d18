package dev.moorage.storage;

import dev.moorage.volume.ByteSize;
import dev.moorage.volume.DedupScope;
import dev.moorage.volume.RepositoryName;
import java.util.Map;
import java.util.Optional;

/**
 * Where a repository is and how this host uses it. Holds no secret.
 *
 * @param location address of the object store, such as {@code s3://bucket/prefix}
 * @param options of the object store, such as {@code endpoint}
 * @param secret the file that unlocks it
 * @param uploadLimit at most so many bytes a second are sent
 * @param downloadLimit at most so many bytes a second are received
 * @param dedup how far this host looks for content before it stores the first snapshot of a volume
 */
public record RepositorySettings(
    RepositoryName name,
    String location,
    Map<String, String> options,
    SecretFile secret,
    Optional<ByteSize> uploadLimit,
    Optional<ByteSize> downloadLimit,
    DedupScope dedup) {

  public RepositorySettings {
    options = Map.copyOf(options);
  }

  /** A repository without options and limits. */
  public static RepositorySettings at(RepositoryName name, String location, SecretFile secret) {
    return new RepositorySettings(name, location, Map.of(), secret, Optional.empty(), Optional.empty(), DedupScope.LINEAGE);
  }
}
