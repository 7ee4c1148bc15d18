package dev.moorage.repository.history;

import dev.moorage.objectstore.ObjectKey;
import dev.moorage.volume.VolumeId;
import java.util.HexFormat;
import java.util.Optional;

/**
 * One place in the history of a volume. Seats are numbered from 1 without a gap; each is taken once, by one {@link HistoryEntry},
 * and never freed.
 */
public record Seat(VolumeId volume, long seq) implements Comparable<Seat> {

  /** No history is longer; a key with a higher number is none of ours. */
  public static final int SEQ_MAX = 1 << 24;

  static final String PREFIX = "snaps/";

  private static final String FORGOTTEN = ".forgotten";
  private static final int DIGITS = 16;

  public Seat {
    if (seq < 1 || seq > SEQ_MAX) {
      throw new IllegalArgumentException("seats are numbered from 1 to " + SEQ_MAX + ", not " + seq);
    }
  }

  /** The key of the entry that takes it. */
  public ObjectKey key() {
    return new ObjectKey(prefix(volume) + HexFormat.of().toHexDigits(seq));
  }

  /** The key of the marker that says that the entry is forgotten. */
  public ObjectKey forgottenKey() {
    return new ObjectKey(key().value() + FORGOTTEN);
  }

  /** The seat after this one. */
  public Seat next() {
    return new Seat(volume, seq + 1);
  }

  static String prefix(VolumeId volume) {
    return PREFIX + volume + "/";
  }

  /** What a key below {@code snaps/} is: the entry of a seat, or its marker. */
  record Key(Seat seat, boolean forgotten) {}

  /** Reads a key; empty when it is none of ours. */
  static Optional<Key> parse(ObjectKey key) {
    String text = key.value();
    int slash = text.lastIndexOf('/');
    boolean forgotten = text.endsWith(FORGOTTEN);
    String digits = text.substring(slash + 1, text.length() - (forgotten ? FORGOTTEN.length() : 0));
    if (!text.startsWith(PREFIX) || slash <= PREFIX.length() || digits.length() != DIGITS) {
      return Optional.empty();
    }
    try {
      Seat seat = new Seat(VolumeId.parse(text.substring(PREFIX.length(), slash)), HexFormat.fromHexDigitsToLong(digits));
      boolean canonical = (forgotten ? seat.forgottenKey() : seat.key()).equals(key);
      return canonical ? Optional.of(new Key(seat, forgotten)) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public int compareTo(Seat other) {
    int byVolume = volume.value().compareTo(other.volume.value());
    return byVolume != 0 ? byVolume : Long.compare(seq, other.seq);
  }

  /** For people: the volume's id and the number. */
  @Override
  public String toString() {
    return volume + "#" + seq;
  }
}
