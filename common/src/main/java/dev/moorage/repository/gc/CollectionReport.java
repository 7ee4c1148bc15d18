package dev.moorage.repository.gc;

import dev.moorage.repository.Hex128;
import dev.moorage.repository.history.SessionRecord;
import java.time.Instant;
import java.util.List;

/**
 * What a collection did.
 *
 * @param collection its id
 * @param listed the packs that it found
 * @param kept those that a snapshot or an open session needs
 * @param doomed those that it published as doomed itself
 * @param rescued those of any tombstone that snapshots came to need meanwhile
 * @param deleted those that it deleted
 * @param locked those whose deletion the store refused, by object lock or for want of the right to delete
 * @param recordsLeft how many records of sessions and collections that nobody needs it could not delete, for the same reasons
 * @param waiting sessions whose end is awaited before the rest can be deleted; the next collection goes on from there
 * @param fenced how many sessions it fenced because they had been silent for too long
 * @param pending how many tombstones wait for sessions
 */
public record CollectionReport(
    Hex128 collection,
    Tally listed,
    Tally kept,
    Tally doomed,
    Tally rescued,
    Tally deleted,
    Tally locked,
    int recordsLeft,
    List<Waiting> waiting,
    int fenced,
    int pending) {

  public CollectionReport {
    waiting = List.copyOf(waiting);
  }

  /** A number of packs and the sum of their sizes. */
  public record Tally(long packs, long bytes) {

    static final Tally NONE = new Tally(0, 0);

    Tally plus(long length) {
      return new Tally(packs + 1, bytes + length);
    }

    Tally plus(Tally other) {
      return new Tally(packs + other.packs, bytes + other.bytes);
    }
  }

  /** A session that is awaited, and when it last showed a heartbeat, by the clock of the store. */
  public record Waiting(SessionRecord session, Instant heartbeat) {}
}
