package dev.moorage.volume;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A volume as its record says: what it is, not whether it is mounted or how full it is.
 *
 * @param id generated, for ever
 * @param owner who made it
 * @param name the owner's name for it
 * @param pool the pool that keeps it
 * @param spec what it is; {@code spec.size} is its size now, after any growth
 * @param requested the sizes that its creator asked for, for answering a repeated request
 * @param source where its first content came from
 * @param lineage the volume from which it and its relatives descend; its own id when it was made empty
 * @param capabilities how its creator said it would be used, in the front end's own words (CSI needs them to compare a repeated
 *     request); empty for Docker and the command line
 * @param parameters what the creator passed, kept word for word (never secrets)
 * @param createdAt when it became whole
 * @param filesystemSize the size up to which the filesystem inside is known to be grown; smaller than {@code spec.size} after
 *     a growth that was not finished, which the next stage finishes
 * @param deletedAt when it went to the trash; empty while it lives
 */
public record Volume(
    VolumeId id,
    Owner owner,
    VolumeName name,
    PoolId pool,
    VolumeSpec spec,
    SizeRange requested,
    ContentSource source,
    VolumeId lineage,
    List<String> capabilities,
    Map<String, String> parameters,
    Instant createdAt,
    ByteSize filesystemSize,
    Optional<Instant> deletedAt) {

  public Volume {
    capabilities = List.copyOf(capabilities);
    parameters = Map.copyOf(parameters);
  }

  public Volume withSize(ByteSize size) {
    return new Volume(id, owner, name, pool, spec.withSize(size), requested, source, lineage, capabilities,
        parameters, createdAt, filesystemSize, deletedAt);
  }

  public Volume withFilesystemSize(ByteSize size) {
    return new Volume(id, owner, name, pool, spec, requested, source, lineage, capabilities,
        parameters, createdAt, size, deletedAt);
  }

  /** Whether its data is still on its way from a repository, so that nobody may use it. */
  public boolean awaitsRestore() {
    return source instanceof ContentSource.FromRepository restored && restored.arrivedAt().isEmpty();
  }

  public Volume withSource(ContentSource from) {
    return new Volume(id, owner, name, pool, spec, requested, from, lineage, capabilities,
        parameters, createdAt, filesystemSize, deletedAt);
  }

  public Volume withName(VolumeName newName) {
    return new Volume(id, owner, newName, pool, spec, requested, source, lineage, capabilities,
        parameters, createdAt, filesystemSize, deletedAt);
  }

  public Volume withCreatedAt(Instant at) {
    return new Volume(id, owner, name, pool, spec, requested, source, lineage, capabilities,
        parameters, at, filesystemSize, deletedAt);
  }

  public Volume withDeletedAt(Optional<Instant> at) {
    return new Volume(id, owner, name, pool, spec, requested, source, lineage, capabilities,
        parameters, createdAt, filesystemSize, at);
  }
}
