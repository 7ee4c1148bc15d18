package dev.moorage.repository.history;

import dev.moorage.repository.Hex128;
import dev.moorage.volume.VolumeId;
import java.util.Map;

/**
 * What a collection is about to delete. It is published before the sessions are listed that may still come to refer to it.
 *
 * @param id drawn anew for each
 * @param frontier the newest seat of each volume that the collection had seen when it looked for what is referred to; 0 for a volume
 *     that is not in it. Entries behind it do not refer to any of the packs; those beyond it may
 * @param packs which nothing referred to
 */
public record Tombstone(Hex128 id, Map<VolumeId, Long> frontier, PackSet packs) {

  public Tombstone {
    frontier = Map.copyOf(frontier);
  }
}
