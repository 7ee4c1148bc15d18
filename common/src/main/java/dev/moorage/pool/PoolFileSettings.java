package dev.moorage.pool;

import dev.moorage.volume.ByteSize;

/**
 * How the automatic pool file begins and grows.
 *
 * @param initial its first size; less is taken when the host has less to give, and a 512th of the host's filesystem when that
 *     is more, because XFS grows well a few hundredfold only
 * @param headroom free space inside the pool below which it grows
 * @param step how much it grows at once, at least; a quarter of its size when that is more
 * @param hostReserve the fraction of the host's filesystem that it never takes
 */
public record PoolFileSettings(ByteSize initial, ByteSize headroom, ByteSize step, double hostReserve) {

  public static final PoolFileSettings DEFAULT =
      new PoolFileSettings(ByteSize.ofGibibytes(4), ByteSize.ofGibibytes(2), ByteSize.ofGibibytes(2), 0.10);
}
