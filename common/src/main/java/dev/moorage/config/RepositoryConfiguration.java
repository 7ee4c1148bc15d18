package dev.moorage.config;

import dev.moorage.volume.ByteSize;
import dev.moorage.volume.DedupScope;
import dev.moorage.volume.RepositoryName;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * One repository as the operator describes it. Secrets stand in files; none is here.
 *
 * @param location such as {@code file:///mnt/backup} or {@code s3://bucket/prefix}
 * @param options of the object store, such as {@code endpoint}
 * @param keyFile the file that unlocks it; exactly one of this and the next is there
 * @param passphraseFile the file of the passphrase that unlocks it
 * @param uploadLimit at most so many bytes a second are sent
 * @param downloadLimit at most so many bytes a second are received
 * @param dedup how far content is looked for before the first snapshot of a volume is stored
 */
public record RepositoryConfiguration(
    RepositoryName name,
    String location,
    Map<String, String> options,
    Optional<Path> keyFile,
    Optional<Path> passphraseFile,
    Optional<ByteSize> uploadLimit,
    Optional<ByteSize> downloadLimit,
    DedupScope dedup) {

  public RepositoryConfiguration {
    options = Map.copyOf(options);
  }
}
