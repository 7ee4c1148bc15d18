package dev.moorage.config;

import dev.moorage.volume.ByteSize;

/**
 * How the automatic pool file begins and grows.
 *
 * @param initial its first size
 * @param headroom free space inside below which it grows
 * @param step how much it grows at once, at least
 * @param hostReserve the fraction of the host's filesystem that it never takes
 */
public record PoolFileConfiguration(ByteSize initial, ByteSize headroom, ByteSize step, double hostReserve) {

  public static final PoolFileConfiguration DEFAULT =
      new PoolFileConfiguration(ByteSize.ofGibibytes(4), ByteSize.ofGibibytes(2), ByteSize.ofGibibytes(2), 0.10);
}
