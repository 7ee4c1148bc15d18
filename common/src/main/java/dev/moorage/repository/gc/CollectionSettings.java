package dev.moorage.repository.gc;

import java.time.Duration;

/**
 * How a collection behaves. Both times are by the clock of the store.
 *
 * @param host where it runs, for people
 * @param silenceMax a session that showed no heartbeat for longer is fenced. It may be generous: an edge site can be offline for days,
 *     and all that waits is the deleting
 * @param grace how long a tombstone stays after it was published, even when its packs are deleted. Longer than any request that the
 *     network can still deliver after its sender gave it up
 * @param lanes how many deletes may be under way at once, and at most how many snapshots are read at once
 */
public record CollectionSettings(String host, Duration silenceMax, Duration grace, int lanes) {

  /** Seven days, one day, eight lanes. */
  public static CollectionSettings of(String host) {
    return new CollectionSettings(host, Duration.ofDays(7), Duration.ofDays(1), 8);
  }
}
