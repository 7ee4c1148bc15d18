package dev.moorage.repository.history;

import dev.moorage.repository.UnreadableException;
import dev.moorage.volume.VolumeId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The history of one volume as a list of keys showed it: which seats are taken, and which of their entries are forgotten. What the
 * entries are must be read one by one. Immutable.
 */
public final class VolumeHistory {

  private final VolumeId volume;
  private final BitSet taken;
  private final BitSet forgotten;

  VolumeHistory(VolumeId volume, BitSet taken, BitSet forgotten) {
    this.volume = volume;
    this.taken = taken;
    this.forgotten = forgotten;
  }

  static VolumeHistory empty(VolumeId volume) {
    return new VolumeHistory(volume, new BitSet(), new BitSet());
  }

  public VolumeId volume() {
    return volume;
  }

  /** The number of the newest seat that is taken, 0 when there is none. */
  public long last() {
    return Math.max(0, taken.length() - 1);
  }

  /** The seat that the next entry takes. */
  public Seat next() {
    return new Seat(volume, last() + 1);
  }

  public boolean isTaken(long seq) {
    return taken.get((int) seq);
  }

  public boolean isForgotten(long seq) {
    return forgotten.get((int) seq);
  }

  /** The taken seats whose entries are not forgotten, from the newest to the oldest. */
  public List<Seat> remembered() {
    return taken(0).stream().filter(seat -> !isForgotten(seat.seq())).toList();
  }

  /** The taken seats with a number above {@code seq}, forgotten or not, from the newest to the oldest. */
  public List<Seat> taken(long seq) {
    List<Seat> seats = new ArrayList<>();
    for (int each = taken.length() - 1; each > seq; each = taken.previousSetBit(each - 1)) {
      seats.add(new Seat(volume, each));
    }
    return seats;
  }

  /** Whether every seat up to the last one is taken. It always is, unless an object was lost. */
  public boolean isWhole() {
    return taken.cardinality() == last();
  }

  /** The seats below the last one that nothing takes, the oldest first: what took them was lost. */
  public List<Seat> missing() {
    List<Seat> seats = new ArrayList<>();
    for (int each = taken.nextClearBit(1); each < last(); each = taken.nextClearBit(each + 1)) {
      seats.add(new Seat(volume, each));
    }
    return seats;
  }

  /** What is to be said of a seat that is {@link #missing}. */
  public static UnreadableException.Damaged lost(Seat seat) {
    return new UnreadableException.Damaged(seat.key().value(),
        "is missing, although later entries of this history are there; history is never deleted, so the object was lost");
  }

  /**
   * Returns this history when it is whole. Whoever writes or deletes demands that; whoever reads takes what there is.
   *
   * @throws UnreadableException.Damaged naming the first entry that is lost
   */
  public VolumeHistory whole() throws UnreadableException.Damaged {
    if (!isWhole()) {
      throw lost(missing().getFirst());
    }
    return this;
  }

  @Override
  public String toString() {
    return volume + " taken " + taken + " forgotten " + forgotten;
  }
}
