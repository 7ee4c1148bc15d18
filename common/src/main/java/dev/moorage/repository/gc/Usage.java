package dev.moorage.repository.gc;

import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.volume.VolumeId;
import java.util.List;

/**
 * What takes the space of a repository, in whole packs, for a collection deletes whole packs: a pack that holds one block that is needed
 * stays.
 *
 * @param all what there is
 * @param unused what no snapshot refers to: a collection deletes it, unless an upload is just storing it
 * @param shared what snapshots of several volumes refer to
 * @param volumes what the snapshots of one volume refer to alone; forgetting all of them frees it
 * @param snapshots what forgetting a single one frees, volume by volume, the newest first
 */
public record Usage(Amount all, Amount unused, Amount shared, List<OfVolume> volumes, List<OfSnapshot> snapshots) {

  public Usage {
    volumes = List.copyOf(volumes);
    snapshots = List.copyOf(snapshots);
  }

  /** A number of packs and the sum of their sizes. */
  public record Amount(long packs, long bytes) {}

  /** Of a volume. */
  public record OfVolume(VolumeId volume, Amount own) {}

  /** Of a snapshot. */
  public record OfSnapshot(SnapshotEntry snapshot, Amount own) {}
}
