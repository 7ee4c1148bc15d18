package dev.moorage.testkit.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ExactStream;
import dev.moorage.objectstore.ForwardingStore;
import dev.moorage.objectstore.Listing;
import dev.moorage.objectstore.ObjectHead;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.objectstore.Version;
import dev.moorage.repository.pack.PackName;
import dev.moorage.repository.seal.ObjectKind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Weakens the protocol of one actor without a hook in the product: its connection answers with what the store held earlier, which is
 * the same as asking too early, or pretends that something was done.
 */
final class WeakConnections {

  private static final String SESSIONS = "sessions/";
  private static final String TOMBSTONES = "tombstones/";
  private static final String HISTORIES = "snaps/";
  private static final String PACKS = "packs/";
  private static final String FORGOTTEN = ".forgotten";
  private static final Version PRETENDED = new Version("pretended");
  private static final Listing NOTHING = new Listing(List.of(), Optional.empty());

  private WeakConnections() {}

  /** {@code related}: how the keys of a related history begin. */
  static ObjectStore ofWriter(ObjectStore store, Weakness weakness, Supplier<Disk> disk, String related) {
    return switch (weakness) {
      case TOMBSTONES_BEFORE_SESSION -> new TombstonesFirst(store);
      case PARENT_BEFORE_SESSION -> new ParentFirst(store);
      case RELATIVE_BEFORE_SESSION -> new RelativeFirst(store, related);
      case DOOMED_PACKS_FOUND -> new UnseenTombstones(store);
      case NO_EXISTENCE_CHECK -> new Believing(store, disk);
      case END_WITH_OPEN_SEAT -> new WithoutVoid(store);
      case NONE, COMMIT_BEFORE_PACKS, REUSED_PACK_IDS, READER_CHECKS_BEFORE_SESSION, NO_SECOND_SESSION_LIST, NO_SECOND_MARK,
          SECOND_MARK_HEEDS_FORGETTING, NO_VOID_FOR_DEAD_SESSION, OPEN_SESSIONS_NOT_SPARED -> store;
    };
  }

  static ObjectStore ofReader(ObjectStore store, Weakness weakness) {
    return weakness == Weakness.READER_CHECKS_BEFORE_SESSION ? new UnseenMarkers(store) : store;
  }

  /** For one collection. */
  static ObjectStore ofCollection(ObjectStore store, Weakness weakness) {
    return switch (weakness) {
      case NO_SECOND_SESSION_LIST -> new OneSessionList(store, true);
      case OPEN_SESSIONS_NOT_SPARED -> new OneSessionList(store, false);
      case NO_SECOND_MARK -> new OneHistoryList(store);
      case SECOND_MARK_HEEDS_FORGETTING -> new HiddenForgotten(store);
      case NO_VOID_FOR_DEAD_SESSION -> new WithoutVoid(store);
      case NONE, COMMIT_BEFORE_PACKS, REUSED_PACK_IDS, TOMBSTONES_BEFORE_SESSION, PARENT_BEFORE_SESSION, RELATIVE_BEFORE_SESSION,
          DOOMED_PACKS_FOUND, NO_EXISTENCE_CHECK, END_WITH_OPEN_SEAT, READER_CHECKS_BEFORE_SESSION -> store;
    };
  }

  private static byte[] bytes(InputStream in) {
    try (in) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ObjectStream stream(byte[] bytes) {
    return new ObjectStream(new ExactStream(new ByteArrayInputStream(bytes), bytes.length,
        cause -> new ObjectStoreException.Unavailable("read", cause.toString(), "", cause)), PRETENDED, bytes.length);
  }

  /** Reads all tombstones just before a session is made, and has nothing else to say about them later. */
  private static final class TombstonesFirst extends ForwardingStore {

    private final Map<String, byte[]> read = new HashMap<>();
    private Listing listed = NOTHING;

    private TombstonesFirst(ObjectStore to) {
      super(to);
    }

    @Override
    public Optional<Version> putIfAbsent(ObjectKey key, Content content) throws ObjectStoreException {
      if (key.value().startsWith(SESSIONS) && !key.value().contains(".")) {
        listed = to.list(TOMBSTONES, Optional.empty(), LIST_LIMIT_MAX);
        read.clear();
        for (Listing.Entry each : listed.objects()) {
          try {
            read.put(each.key().value(), bytes(to.get(each.key())));
          } catch (ObjectStoreException.NoSuchObject e) {
            // Retired just now.
          }
        }
      }
      return to.putIfAbsent(key, content);
    }

    @Override
    public Listing list(String prefix, Optional<String> after, int limit) throws ObjectStoreException {
      return prefix.equals(TOMBSTONES) ? listed : to.list(prefix, after, limit);
    }

    @Override
    public ObjectStream get(ObjectKey key) throws ObjectStoreException {
      byte[] known = read.get(key.value());
      return known == null ? to.get(key) : stream(known);
    }
  }

  /** Answers the list of a history that follows the making of a session with the one that came before it. */
  private static final class ParentFirst extends ForwardingStore {

    private Listing before = NOTHING;
    private boolean made;

    private ParentFirst(ObjectStore to) {
      super(to);
    }

    @Override
    public Optional<Version> putIfAbsent(ObjectKey key, Content content) throws ObjectStoreException {
      made |= key.value().startsWith(SESSIONS) && !key.value().contains(".");
      return to.putIfAbsent(key, content);
    }

    @Override
    public Listing list(String prefix, Optional<String> after, int limit) throws ObjectStoreException {
      if (!prefix.startsWith(HISTORIES)) {
        return to.list(prefix, after, limit);
      }
      if (!made) {
        before = to.list(prefix, after, limit);
      }
      made = false;
      return before;
    }
  }

  /** Lists the related history just before a session is made, and has nothing else to say about it later. */
  private static final class RelativeFirst extends ForwardingStore {

    private final String history;
    private Listing listed = NOTHING;

    private RelativeFirst(ObjectStore to, String history) {
      super(to);
      this.history = history;
    }

    @Override
    public Optional<Version> putIfAbsent(ObjectKey key, Content content) throws ObjectStoreException {
      if (!history.isEmpty() && key.value().startsWith(SESSIONS) && !key.value().contains(".")) {
        listed = to.list(history, Optional.empty(), LIST_LIMIT_MAX);
      }
      return to.putIfAbsent(key, content);
    }

    @Override
    public Listing list(String prefix, Optional<String> after, int limit) throws ObjectStoreException {
      return prefix.equals(history) ? listed : to.list(prefix, after, limit);
    }
  }

  /** Sees no tombstone. */
  private static final class UnseenTombstones extends ForwardingStore {

    private UnseenTombstones(ObjectStore to) {
      super(to);
    }

    @Override
    public Listing list(String prefix, Optional<String> after, int limit) throws ObjectStoreException {
      return prefix.equals(TOMBSTONES) ? NOTHING : to.list(prefix, after, limit);
    }
  }

  /** Says of an earlier session that all is there that was ever uploaded. */
  private static final class Believing extends ForwardingStore {

    private final Supplier<Disk> disk;

    private Believing(ObjectStore to, Supplier<Disk> disk) {
      super(to);
      this.disk = disk;
    }

    @Override
    public Listing list(String prefix, Optional<String> after, int limit) throws ObjectStoreException {
      if (!prefix.startsWith(PACKS)) {
        return to.list(prefix, after, limit);
      }
      return new Listing(disk.get().stored.keySet().stream().map(PackName::key).filter(key -> key.startsWith(prefix)).sorted()
          .map(key -> new Listing.Entry(new ObjectKey(key), 1, Instant.EPOCH)).toList(), Optional.empty());
    }
  }

  /** Only pretends to close seats. */
  private static final class WithoutVoid extends ForwardingStore {

    private WithoutVoid(ObjectStore to) {
      super(to);
    }

    @Override
    public Optional<Version> putIfAbsent(ObjectKey key, Content content) throws ObjectStoreException {
      boolean entry = key.value().startsWith(HISTORIES) && !key.value().endsWith(FORGOTTEN);
      if (!entry || !new String(PlainSealing.text(bytes(open(content))), UTF_8).contains("\"void\"")) {
        return to.putIfAbsent(key, content);
      }
      return to.head(key).isPresent() ? Optional.empty() : Optional.of(PRETENDED);
    }

    private static InputStream open(Content content) {
      try {
        return content.open();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Sees no marker: whoever chose the snapshot looked before. */
  private static final class UnseenMarkers extends ForwardingStore {

    private UnseenMarkers(ObjectStore to) {
      super(to);
    }

    @Override
    public Optional<ObjectHead> head(ObjectKey key) throws ObjectStoreException {
      return key.value().endsWith(FORGOTTEN) ? Optional.empty() : to.head(key);
    }
  }

  /** Lists the sessions either only the first time, or only after that. */
  private static final class OneSessionList extends ForwardingStore {

    private final boolean first;
    private int lists;

    private OneSessionList(ObjectStore to, boolean first) {
      super(to);
      this.first = first;
    }

    @Override
    public Listing list(String prefix, Optional<String> after, int limit) throws ObjectStoreException {
      return prefix.equals(SESSIONS) && (lists++ == 0) != first ? NOTHING : to.list(prefix, after, limit);
    }
  }

  /** Lists the histories only the first time. */
  private static final class OneHistoryList extends ForwardingStore {

    private @Nullable Listing first;

    private OneHistoryList(ObjectStore to) {
      super(to);
    }

    @Override
    public Listing list(String prefix, Optional<String> after, int limit) throws ObjectStoreException {
      if (!prefix.equals(HISTORIES)) {
        return to.list(prefix, after, limit);
      }
      if (first == null) {
        first = to.list(prefix, after, limit);
      }
      return first;
    }
  }

  /** Shows a void entry for each that is forgotten. */
  private static final class HiddenForgotten extends ForwardingStore {

    private HiddenForgotten(ObjectStore to) {
      super(to);
    }

    @Override
    public ObjectStream get(ObjectKey key) throws ObjectStoreException {
      if (!key.value().startsWith(HISTORIES) || to.head(new ObjectKey(key + FORGOTTEN)).isEmpty()) {
        return to.get(key);
      }
      String[] parts = key.value().split("/", -1);
      String text = "{\"format\":1,\"kind\":\"void\",\"volume\":\"" + parts[1] + "\",\"seq\":" + Long.parseLong(parts[2], 16)
          + ",\"session\":\"" + "0".repeat(32) + "\"}";
      return stream(new PlainSealing().seal(ObjectKind.ENTRY, key.value(), text.getBytes(UTF_8)));
    }
  }
}
