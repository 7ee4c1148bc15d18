package dev.moorage.volume;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * An immutable point in time of one volume, as its record says. It outlives its volume, so it repeats what is needed to make
 * a volume of it.
 *
 * @param id generated, for ever
 * @param volume the volume that was cut; it may be gone
 * @param owner the volume's owner
 * @param volumeName the volume's name at the time of the cut
 * @param name its name among the snapshots of that volume
 * @param pool the pool that keeps the local copy
 * @param spec the volume's spec at the time of the cut
 * @param lineage the volume's lineage
 * @param filesystemSize as in {@link Volume}
 * @param charged the bytes that the snapshot can come to own: what the volume had allocated at the cut
 * @param group the group cut that it belongs to
 * @param createdAt the moment of the cut
 * @param deletedAt when it went to the trash; empty while it lives
 * @param remotes the repositories that hold a copy of it; a copy outlives the local snapshot
 */
public record Snapshot(
    SnapshotId id,
    VolumeId volume,
    Owner owner,
    VolumeName volumeName,
    SnapshotName name,
    PoolId pool,
    VolumeSpec spec,
    VolumeId lineage,
    ByteSize filesystemSize,
    ByteSize charged,
    Optional<UUID> group,
    Instant createdAt,
    Optional<Instant> deletedAt,
    List<RemoteCopy> remotes) {

  public Snapshot {
    remotes = List.copyOf(remotes);
  }

  /** What users call it: {@code db@before}. */
  public String label() {
    return volumeName + "@" + name;
  }

  public Snapshot withDeletedAt(Optional<Instant> at) {
    return new Snapshot(id, volume, owner, volumeName, name, pool, spec, lineage, filesystemSize, charged, group, createdAt, at, remotes);
  }

  /** The same with this copy in place of any other in that repository. */
  public Snapshot withRemote(RemoteCopy copy) {
    List<RemoteCopy> all = new ArrayList<>(withoutRemote(copy.repositoryId()).remotes);
    all.add(copy);
    return withRemotes(all);
  }

  /** The same without a copy in that repository. */
  public Snapshot withoutRemote(UUID repositoryId) {
    return withRemotes(remotes.stream().filter(each -> !each.repositoryId().equals(repositoryId)).toList());
  }

  private Snapshot withRemotes(List<RemoteCopy> copies) {
    return new Snapshot(id, volume, owner, volumeName, name, pool, spec, lineage, filesystemSize, charged, group, createdAt, deletedAt,
        copies);
  }
}
