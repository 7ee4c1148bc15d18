package dev.moorage.repository.history;

import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.record.Fields;
import dev.moorage.repository.SessionId;
import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.seal.ObjectKind;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.VolumeId;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The histories of all volumes of a repository. An entry is created once, at the next free seat, and is final; <em>forgetting</em>
 * a snapshot puts a marker beside its entry, and its packs are deleted later by a collection. So nothing here needs the right to
 * delete or to overwrite.
 *
 * <p>Every method may be called again after a failure: what was done stays done, and is then found done. A call whose answer was lost
 * throws {@link dev.moorage.objectstore.ObjectStoreException.Unavailable}. Safe for use by several threads.
 */
public final class History {

  /** A list made while two entries were written may show the second alone; a moment later it shows both. */
  private static final int LISTINGS_MAX = 3;

  private final SealedObjects objects;
  private final Clock clock;

  /** {@code clock} gives the times that entries hold for people; nothing depends on them. */
  public History(SealedObjects objects, Clock clock) {
    this.objects = objects;
    this.clock = clock;
  }

  /** The ids of all volumes that have a history. One request for each. */
  public List<VolumeId> volumes() throws IOException {
    List<VolumeId> volumes = new ArrayList<>();
    Optional<ObjectKey> first = objects.first(Seat.PREFIX, Optional.empty());
    while (first.isPresent()) {
      ObjectKey key = first.get();
      Seat.parse(key).ifPresent(each -> volumes.add(each.seat().volume()));
      // '~' is greater than everything that a key can hold, so this leaps over the rest of the volume.
      int slash = key.value().indexOf('/', Seat.PREFIX.length());
      String after = slash < 0 ? key.value() : key.value().substring(0, slash) + "/~";
      first = objects.first(Seat.PREFIX, Optional.of(after));
    }
    return volumes;
  }

  /** The history of a volume; an empty one when it never had a snapshot here. */
  public VolumeHistory of(VolumeId volume) throws IOException {
    VolumeHistory history = VolumeHistory.empty(volume);
    for (int i = 0; i < LISTINGS_MAX; i++) {
      history = scan(Seat.prefix(volume)).stream().findFirst().orElse(VolumeHistory.empty(volume));
      if (history.isWhole()) {
        break;
      }
    }
    return history;
  }

  /** The histories of all volumes, by one list. */
  public List<VolumeHistory> all() throws IOException {
    List<VolumeHistory> histories = scan(Seat.PREFIX);
    for (int i = 0; i < histories.size(); i++) {
      if (!histories.get(i).isWhole()) {
        histories.set(i, of(histories.get(i).volume()));
      }
    }
    return histories;
  }

  private List<VolumeHistory> scan(String prefix) throws IOException {
    HistoryScan scan = new HistoryScan();
    objects.list(prefix, scan::visit);
    return scan.histories();
  }

  /** What takes the seat; empty while it is free. */
  public Optional<HistoryEntry> read(Seat seat) throws IOException {
    Optional<SealedObjects.Opened> opened = objects.read(ObjectKind.ENTRY, seat.key());
    return opened.isPresent() ? Optional.of(EntryFormat.read(seat, opened.get().plaintext())) : Optional.empty();
  }

  /** Reads the entry of a seat that is known to be taken. */
  public HistoryEntry entry(Seat seat) throws IOException {
    Optional<HistoryEntry> entry = read(seat);
    if (entry.isEmpty()) {
      throw new UnreadableException.Damaged(seat.key().value(), "is missing, although it was there; history is never deleted");
    }
    return entry.get();
  }

  /** Whether anything takes the seat. */
  public boolean isTaken(Seat seat) throws IOException {
    return objects.exists(seat.key());
  }

  /** Whether the entry of the seat is forgotten. */
  public boolean isForgotten(Seat seat) throws IOException {
    return objects.exists(seat.forgottenKey());
  }

  /** The newest entry that is not a {@link VoidEntry}: it tells who the writer is. Empty when nobody has written yet. */
  public Optional<HistoryEntry> newest(VolumeHistory history) throws IOException {
    for (Seat seat : history.taken(0)) {
      HistoryEntry entry = entry(seat);
      if (!(entry instanceof VoidEntry)) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }

  /** The newest snapshot that is not forgotten. */
  public Optional<SnapshotEntry> newestSnapshot(VolumeHistory history) throws IOException {
    for (Seat seat : history.remembered()) {
      if (entry(seat) instanceof SnapshotEntry snapshot) {
        return Optional.of(snapshot);
      }
    }
    return Optional.empty();
  }

  /** All snapshots that are not forgotten, from the newest to the oldest. */
  public List<SnapshotEntry> snapshots(VolumeHistory history) throws IOException {
    List<SnapshotEntry> snapshots = new ArrayList<>();
    for (Seat seat : history.remembered()) {
      if (entry(seat) instanceof SnapshotEntry snapshot) {
        snapshots.add(snapshot);
      }
    }
    return snapshots;
  }

  /**
   * Commits a snapshot whose packs are all stored. The outcome is final. After an exception nothing is known: call it again, even
   * after a restart, until it returns.
   */
  CommitOutcome commit(SnapshotEntry entry) throws IOException {
    if (create(entry)) {
      return new CommitOutcome.Committed(entry);
    }
    HistoryEntry found = entry(entry.seat());
    return switch (found) {
      // An answer was lost, or this process was killed just then. A snapshot does not change, so it is this one, whichever of
      // the session's attempts it describes.
      case SnapshotEntry ours when isOf(ours, entry) -> new CommitOutcome.Committed(ours);
      case SnapshotEntry other -> new CommitOutcome.AnotherWriter(other);
      case TakeoverEntry takeover -> new CommitOutcome.AnotherWriter(takeover);
      case VoidEntry fence -> new CommitOutcome.Fenced(fence);
    };
  }

  private static boolean isOf(SnapshotEntry found, SnapshotEntry entry) {
    return found.session().equals(entry.session()) && found.snapshot().equals(entry.snapshot());
  }

  /** Sees to it that the seat is taken, if need be by a {@link VoidEntry}, and returns what takes it. */
  public HistoryEntry close(VoidEntry fence) throws IOException {
    return create(fence) ? fence : entry(fence.seat());
  }

  /** Takes a seat; false when it is taken. */
  boolean create(HistoryEntry entry) throws IOException {
    return objects.create(ObjectKind.ENTRY, entry.seat().key(), EntryFormat.write(entry));
  }

  /**
   * Forgets a snapshot: it is no longer listed, restored or built upon, and what only it uses is deleted by the next collections.
   * There is no way back. Forgetting twice is forgetting. The entry is not read: one that is damaged can be forgotten, too.
   *
   * @param by who wanted it, for people
   * @throws UnreadableException.Damaged when nothing takes the seat
   */
  public void forget(Seat seat, String by) throws IOException {
    if (!isTaken(seat)) {
      throw new UnreadableException.Damaged(seat.key().value(), "is missing, although it was there; history is never deleted");
    }
    byte[] marker = Fields.ofFormat(EntryFormat.FORMAT).text("by", by).instant("at", clock.instant()).toBytes();
    objects.create(ObjectKind.FORGOTTEN, seat.forgottenKey(), marker);
  }

  /**
   * Forgets an entry that is damaged, unread, and takes the seat of one that is lost by a void of this new session.
   *
   * @return false when it can be read: then nothing was done
   * @throws ObjectStoreException.NoSuchObject when nothing ever took the seat
   */
  public boolean giveUp(Seat seat, String by, SessionId session) throws IOException {
    if (seat.seq() > of(seat.volume()).last()) {
      throw new ObjectStoreException.NoSuchObject("give up " + seat, "nothing ever took that seat", "", null);
    }
    try {
      if (read(seat).isPresent()) {
        return false;
      }
    } catch (UnreadableException.WrongKey e) {
      throw e;
    } catch (UnreadableException e) {
      forget(seat, by);
      return true;
    }
    VoidEntry instead = new VoidEntry(seat, session, Optional.empty());
    return close(instead).equals(instead);
  }

  /**
   * Makes the pool the writer of the volume's history from the next free seat on. The old writer's next commit is refused. Repeating
   * it takes one more seat and changes nothing else.
   */
  public TakeoverEntry takeover(VolumeId volume, PoolId pool, String host) throws IOException {
    Seat seat = of(volume).whole().next();
    while (true) {
      TakeoverEntry entry = new TakeoverEntry(seat, pool, host, clock.instant());
      if (create(entry)) {
        return entry;
      }
      seat = seat.next();
    }
  }
}
