package dev.moorage.csi;

import dev.moorage.volume.PoolId;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeId;
import java.util.Optional;

/**
 * What CSI calls a volume: the ids of its pool and of itself, parted by a slash. With the pool in it, any node can tell "elsewhere" from
 * "unknown".
 */
public record VolumeHandle(PoolId pool, VolumeId volume) {

  static VolumeHandle of(Volume volume) {
    return new VolumeHandle(volume.pool(), volume.id());
  }

  /** Empty for what no Moorage ever gave out. */
  public static Optional<VolumeHandle> parse(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length != 2) {
      return Optional.empty();
    }
    try {
      return Optional.of(new VolumeHandle(PoolId.parse(parts[0]), VolumeId.parse(parts[1])));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return pool + "/" + volume;
  }
}
