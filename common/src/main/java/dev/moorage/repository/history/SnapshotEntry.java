package dev.moorage.repository.history;

import dev.moorage.repository.SessionId;
import dev.moorage.repository.pack.BlobRef;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.VolumeId;
import dev.moorage.volume.VolumeName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A committed snapshot: all that is needed to find it, and to restore it on a bare host.
 *
 * @param seat its place in the history of the volume
 * @param session the session that uploaded and committed it
 * @param snapshot its id, the same as that of the local snapshot
 * @param origin whose snapshot it is
 * @param cutAt the moment of the cut, by the clock of the host
 * @param size of the volume, in bytes
 * @param blockBytes the repository's block size
 * @param spec what the volume was, in words of the caller's (filesystem, access, …); kept as it is
 * @param root where the parts of the root of its map are, in order
 * @param parent the seat of this history whose packs it shares; empty for a first one
 * @param figures what its upload counted, for people and reports; kept as it is
 */
public record SnapshotEntry(
    Seat seat,
    SessionId session,
    SnapshotId snapshot,
    Origin origin,
    Instant cutAt,
    long size,
    int blockBytes,
    Map<String, String> spec,
    List<BlobRef> root,
    OptionalLong parent,
    Map<String, Long> figures) implements HistoryEntry {

  /**
   * Whose snapshot it is.
   *
   * @param pool the writer: the pool that cut and committed it
   * @param host the host of that pool
   * @param owner the volume's owner
   * @param volumeName the volume's name at the cut
   * @param tag the snapshot's name, as in {@code name@tag}
   * @param lineage the volume from which it and its relatives descend
   * @param group the group cut that it belongs to
   */
  public record Origin(
      PoolId pool, String host, Owner owner, VolumeName volumeName, SnapshotName tag, VolumeId lineage, Optional<String> group) {}

  public SnapshotEntry {
    spec = Map.copyOf(spec);
    root = List.copyOf(root);
    figures = Map.copyOf(figures);
  }

  /** What users call it: {@code db@before}. */
  public String label() {
    return origin.volumeName() + "@" + origin.tag();
  }
}
