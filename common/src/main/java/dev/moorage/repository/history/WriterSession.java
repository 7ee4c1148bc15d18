package dev.moorage.repository.history;

import dev.moorage.repository.SessionId;
import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.pack.PackName;
import dev.moorage.repository.pack.PackNames;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.VolumeId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The session of a writer, from which one snapshot is committed. While it is open, no collection deletes
 * <ul>
 *   <li>the packs that it uploads, whose names begin with its id,
 *   <li>the packs of its {@link #parent parents}, and of a {@link #relative relative's} snapshot,
 *   <li>the {@link #survivors} of earlier sessions, of this pool or another one,
 *   <li>{@link #stored all packs} that exist and are not doomed.
 * </ul>
 * These are all that a snapshot may refer to. Upload them first, then {@link #commit}, then {@link #end}. The owner keeps its id and
 * seat on its own disk before it uploads anything, so that after a crash it can {@link Sessions#resume} or {@link Sessions#settle} it.
 * Safe for use by several threads.
 */
public final class WriterSession {

  private static final System.Logger LOG = System.getLogger(WriterSession.class.getName());

  private final Sessions sessions;
  private final SessionId id;
  private final Seat seat;
  private final SnapshotId snapshot;
  private final VolumeHistory history;
  private final PackSet doomed;
  private final Pulse pulse;
  private volatile @Nullable HistoryEntry taken;

  WriterSession(
      Sessions sessions, SessionId id, Seat seat, SnapshotId snapshot, VolumeHistory history, PackSet doomed, Pulse pulse) {
    this.sessions = sessions;
    this.id = id;
    this.seat = seat;
    this.snapshot = snapshot;
    this.history = history;
    this.doomed = doomed;
    this.pulse = pulse;
  }

  /** The id, with which the names of its packs begin. */
  public SessionId id() {
    return id;
  }

  /** The seat that its snapshot will take. */
  public Seat seat() {
    return seat;
  }

  /** The history as it was when the session was open already: what was not forgotten then may be built upon. */
  public VolumeHistory history() {
    return history;
  }

  /** The newest snapshot that may be built upon. */
  public Optional<SnapshotEntry> parent() throws IOException {
    return sessions.history().newestSnapshot(history);
  }

  /** The snapshot at a seat of this history when it may be built upon; empty when it is forgotten or none. */
  public Optional<SnapshotEntry> parent(long seq) throws IOException {
    boolean remembered = seq >= 1 && history.isTaken(seq) && !history.isForgotten(seq);
    return remembered && sessions.history().entry(new Seat(seat.volume(), seq)) instanceof SnapshotEntry parent
        ? Optional.of(parent)
        : Optional.empty();
  }

  /**
   * A snapshot of another volume, which may be built upon like a parent: the one at that seat when it is remembered, else the newest that
   * is. It is looked for now, when the session is open, and that is what keeps its packs. What cannot be read is passed over.
   *
   * @param seq the number of a seat; 0 for the newest
   */
  public Optional<SnapshotEntry> relative(VolumeId other, long seq) throws IOException {
    List<Seat> seats = new ArrayList<>(sessions.history().of(other).remembered());
    seats.sort(Comparator.comparing(seat -> seat.seq() != seq));
    for (Seat seat : seats) {
      try {
        if (sessions.history().entry(seat) instanceof SnapshotEntry snapshot) {
          return Optional.of(snapshot);
        }
      } catch (UnreadableException e) {
        LOG.log(System.Logger.Level.WARNING, seat + " is not built upon: " + e.getMessage());
      }
    }
    return Optional.empty();
  }

  /** Whether a collection has doomed the pack: then it may be gone at any moment. Packs of a parent are safe even so. */
  public boolean isDoomed(PackName pack) {
    return doomed.contains(pack);
  }

  /**
   * The packs of an earlier session of this pool that exist and stay: what was uploaded for nothing need not be uploaded twice. They
   * may be used although no snapshot refers to them.
   */
  public List<PackName> survivors(SessionId earlierSession) throws IOException {
    return sessions.packs(earlierSession).stream().filter(pack -> !isDoomed(pack)).toList();
  }

  /** All packs of the repository that exist and stay, whosever they are; they are listed as they are asked for. */
  public PackNames stored() {
    PackNames all = sessions.packs();
    return () -> {
      PackName name = all.next();
      while (name != null && isDoomed(name)) {
        name = all.next();
      }
      return name;
    };
  }

  /**
   * Commits the snapshot. All packs that it refers to must be stored: acknowledged by the store, not merely sent. The outcome is
   * final; after an exception nothing is known, and the call must be repeated, even after a restart.
   *
   * @throws IllegalArgumentException when the entry is of another session, seat or snapshot
   */
  public CommitOutcome commit(SnapshotEntry entry) throws IOException {
    if (!entry.session().equals(id) || !entry.seat().equals(seat) || !entry.snapshot().equals(snapshot)) {
      throw new IllegalArgumentException("the entry of session " + entry.session() + " at " + entry.seat() + " is not of session "
          + id + " at " + seat);
    }
    CommitOutcome outcome = sessions.history().commit(entry);
    taken = switch (outcome) {
      case CommitOutcome.Committed committed -> committed.entry();
      case CommitOutcome.Fenced fenced -> fenced.by();
      case CommitOutcome.AnotherWriter another -> another.entry();
    };
    return outcome;
  }

  /**
   * What takes the session's seat, when it is over already; empty while it can still commit. A session that was fenced protects
   * nothing any more: whoever finds an object missing asks here before he calls it lost.
   */
  public Optional<HistoryEntry> over() throws IOException {
    return sessions.history().read(seat);
  }

  /** Shows that the session is alive; every few minutes is often enough. False when a collection has ended it. */
  public boolean heartbeat() throws IOException {
    return pulse.beat();
  }

  /**
   * Ends the session and returns what took its seat. When it was not committed, its seat is closed first by a {@link VoidEntry}: a
   * commit that is still on its way somewhere must not arrive when nobody waits for it any more.
   */
  public HistoryEntry end() throws IOException {
    HistoryEntry entry = taken;
    if (entry == null) {
      return sessions.settle(id, seat);
    }
    sessions.markEnded(id);
    return entry;
  }

  @Override
  public String toString() {
    return "session " + id + " for " + seat;
  }
}
