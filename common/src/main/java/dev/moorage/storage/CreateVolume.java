package dev.moorage.storage;

import dev.moorage.volume.Access;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.FilesystemType;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.SizeRange;
import dev.moorage.volume.VolumeName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request for a volume. What is left empty takes the source's value when there is a source, else the pool's default.
 *
 * @param parameters kept word for word in the record, for showing and for comparing a repeated request
 */
public record CreateVolume(
    Owner owner,
    VolumeName name,
    Optional<PoolName> pool,
    Optional<BackendKind> backend,
    Optional<SizeRange> size,
    Optional<Access> access,
    Optional<FilesystemType> filesystem,
    boolean preallocated,
    Source source,
    List<String> capabilities,
    Map<String, String> parameters) {

  /** What the volume begins as. */
  public sealed interface Source {
    record None() implements Source {}

    record OfSnapshot(SnapshotRef snapshot) implements Source {}

    record OfVolume(VolumeRef volume) implements Source {}
  }

  /** An empty volume with every default. */
  public static CreateVolume named(Owner owner, VolumeName name) {
    return new CreateVolume(owner, name, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
        false, new Source.None(), List.of(), Map.of());
  }
}
