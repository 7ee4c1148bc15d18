package dev.moorage.repository.history;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.moorage.objectstore.Listing;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.repository.SessionId;
import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.pack.PackName;
import dev.moorage.repository.pack.PackNames;
import dev.moorage.repository.seal.ObjectKind;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who is at work in a repository. A session is an object that its owner makes before it looks at anything else; a collection waits
 * for those that it finds. A writer's session is over when its seat is taken; a reader's when its end is marked. Sessions that are
 * silent for days are fenced by a collection. Safe for use by several threads.
 */
public final class Sessions {

  static final String PREFIX = "sessions/";

  private static final String ENDED = ".ended";
  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
  private static final byte[] END = "{}\n".getBytes(US_ASCII);

  /** A seat that somebody takes while a session is opened for it is rare; several in a row are an accident. */
  private static final int OPENINGS_MAX = 8;

  private final SealedObjects objects;
  private final History history;
  private final Tombstones tombstones;
  private final SecureRandom random;
  private final Clock clock;

  /** {@code clock} gives the times that records hold for people; nothing depends on them. */
  public Sessions(SealedObjects objects, History history, Tombstones tombstones, SecureRandom random, Clock clock) {
    this.objects = objects;
    this.history = history;
    this.tombstones = tombstones;
    this.random = random;
    this.clock = clock;
  }

  History history() {
    return history;
  }

  /**
   * Opens a session for the next seat of a volume's history. Sessions that this pool opened earlier for the volume must be
   * {@link #settle settled} or {@link #resume resumed} first; else it takes its own lost commit for another writer's.
   */
  public Opening openWriter(WriterRequest request) throws IOException {
    for (int i = 0; i < OPENINGS_MAX; i++) {
      VolumeHistory before = history.of(request.volume()).whole();
      if (request.known() > before.last()) {
        throw new UnreadableException.Damaged(new Seat(request.volume(), request.known()).key().value(),
            "is missing, although this pool committed it; history is never deleted, so the object was lost");
      }
      Optional<HistoryEntry> newest = history.newest(before);
      if (newest.isPresent() && newest.get().seat().seq() != request.known()) {
        return new Opening.AnotherWriter(newest.get());
      }
      // The seat comes from the same list as the writer: whoever takes over later takes this very seat, or a later one.
      SessionRecord record = newRecord(Optional.of(before.next()), request.host(), "upload of snapshot " + request.snapshot());
      Pulse pulse = create(record);
      Opening opening = enter(record, request, pulse);
      if (opening instanceof Opening.Opened) {
        return opening;
      }
      // Somebody was faster. The history is looked at anew, which tells who.
      markEnded(record.id());
    }
    throw new IOException("cannot open a session for volume " + request.volume() + ": each seat of its history was taken at once");
  }

  /**
   * Continues a session of this pool after a crash. Its id and seat are what its owner had on its disk. Packs whose upload was
   * acknowledged are there.
   */
  public Opening resume(WriterRequest request, SessionId id, Seat seat) throws IOException {
    SessionRecord record = new SessionRecord(id, Optional.of(seat), request.host(), "upload of snapshot " + request.snapshot(),
        clock.instant());
    ObjectKey key = key(id);
    Opening opening = enter(record, request, new Pulse(objects, key, record.toBytes()));
    if (opening instanceof Opening.Opened && !objects.exists(key)) {
      // It was never made, so nothing waited for it: it cannot be trusted to have protected anything.
      return new Opening.Over(settle(id, seat));
    }
    return opening;
  }

  /** What comes after the session's object was made; the order of these steps is what makes reuse safe. */
  private Opening enter(SessionRecord record, WriterRequest request, Pulse pulse) throws IOException {
    Seat seat = record.seat().orElseThrow();
    PackSet doomed = tombstones.doomed();
    VolumeHistory after = history.of(seat.volume()).whole();
    if (after.isTaken(seat.seq())) {
      return new Opening.Over(history.entry(seat));
    }
    return new Opening.Opened(new WriterSession(this, record.id(), seat, request.snapshot(), after, doomed, pulse));
  }

  /**
   * Ends a writer's session and returns what took its seat; when nothing did, a {@link VoidEntry} does now. May be repeated, also by
   * an owner that came back from a crash and only knows id and seat.
   */
  public HistoryEntry settle(SessionId id, Seat seat) throws IOException {
    HistoryEntry taken = history.close(new VoidEntry(seat, id, Optional.empty()));
    markEnded(id);
    return taken;
  }

  /** Opens a session for reading any snapshots. */
  public ReaderSession openReader(String host, String purpose) throws IOException {
    SessionRecord record = newRecord(Optional.empty(), host, purpose);
    return new ReaderSession(this, record.id(), create(record));
  }

  private SessionRecord newRecord(Optional<Seat> seat, String host, String purpose) {
    return new SessionRecord(SessionId.random(random), seat, host, purpose, clock.instant());
  }

  private Pulse create(SessionRecord record) throws IOException {
    ObjectKey key = key(record.id());
    byte[] plaintext = record.toBytes();
    if (!objects.create(ObjectKind.SESSION, key, plaintext) && !isOurs(key, plaintext)) {
      throw new IOException("cannot open session " + record.id() + ": its random id is in use");
    }
    return new Pulse(objects, key, plaintext);
  }

  private boolean isOurs(ObjectKey key, byte[] plaintext) throws IOException {
    Optional<SealedObjects.Opened> found = objects.read(ObjectKind.SESSION, key);
    return found.isPresent() && Arrays.equals(found.get().plaintext(), plaintext);
  }

  /** All sessions that have an object in the store, by their ids. */
  public List<SessionState> list() throws IOException {
    TreeMap<String, SessionState> sessions = new TreeMap<>();
    objects.list(PREFIX, entry -> {
      String name = entry.key().value().substring(PREFIX.length());
      boolean end = name.endsWith(ENDED);
      String digits = end ? name.substring(0, name.length() - ENDED.length()) : name;
      if (!ID.matcher(digits).matches()) {
        return;
      }
      SessionState state = end ? new SessionState(SessionId.parse(digits), Optional.empty(), true)
          : new SessionState(SessionId.parse(digits), Optional.of(entry.lastModified()), false);
      sessions.merge(digits, state, Sessions::both);
    });
    return new ArrayList<>(sessions.values());
  }

  private static SessionState both(SessionState one, SessionState other) {
    return new SessionState(one.id(), one.heartbeat().or(other::heartbeat), one.ended() || other.ended());
  }

  /** What the session's object says; empty when it is gone. */
  public Optional<SessionRecord> read(SessionId id) throws IOException {
    ObjectKey key = key(id);
    Optional<SealedObjects.Opened> opened = objects.read(ObjectKind.SESSION, key);
    return opened.isPresent() ? Optional.of(SessionRecord.parse(key.value(), opened.get().plaintext())) : Optional.empty();
  }

  /** Removes what is left of a session that is over. Only a collection may. */
  public void remove(SessionId id) throws IOException {
    // The marker goes last: without it the session would look open again.
    objects.delete(key(id));
    objects.delete(endKey(id));
  }

  void markEnded(SessionId id) throws IOException {
    objects.create(ObjectKind.SESSION_END, endKey(id), END);
  }

  /** The packs of a session that exist now. */
  List<PackName> packs(SessionId session) throws IOException {
    List<PackName> packs = new ArrayList<>();
    objects.list(PackName.PREFIX + session + "/", entry -> PackKeys.parse(entry.key()).ifPresent(packs::add));
    return packs;
  }

  /** All packs that exist, told page by page. */
  PackNames packs() {
    return new PackNames() {
      private Iterator<PackName> page = Collections.emptyIterator();
      private Optional<String> after = Optional.empty();
      private boolean over;

      @Override
      public @Nullable PackName next() throws IOException {
        while (!page.hasNext() && !over) {
          Listing listing = objects.page(PackName.PREFIX, after);
          page = listing.objects().stream().flatMap(entry -> PackKeys.parse(entry.key()).stream()).iterator();
          after = listing.next();
          over = after.isEmpty();
        }
        return page.hasNext() ? page.next() : null;
      }
    };
  }

  private static ObjectKey key(SessionId id) {
    return new ObjectKey(PREFIX + id);
  }

  private static ObjectKey endKey(SessionId id) {
    return new ObjectKey(PREFIX + id + ENDED);
  }
}
