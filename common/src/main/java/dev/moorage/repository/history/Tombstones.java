package dev.moorage.repository.history;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.moorage.objectstore.ObjectKey;
import dev.moorage.repository.Hex128;
import dev.moorage.repository.SessionId;
import dev.moorage.repository.seal.ObjectKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tombstones of a repository, each with up to two companions:
 * <pre>
 *   tombstones/ID            which packs are doomed
 *   tombstones/ID.awaited    which sessions must be over before they may be deleted
 *   tombstones/ID.swept      they are deleted, and the tombstone only waits to be retired
 * </pre>
 * All are created once and never replaced, and ids are random: so several collections can work on one tombstone, and a request that
 * arrives late does no harm. Only {@link #retire} deletes. Safe for use by several threads.
 */
public final class Tombstones {

  static final String PREFIX = "tombstones/";

  private static final String AWAITED = ".awaited";
  private static final String SWEPT = ".swept";
  private static final Pattern NAME = Pattern.compile(PREFIX + "([0-9a-f]{32})(\\.awaited|\\.swept|)");

  private static final byte[] DONE = "{}\n".getBytes(US_ASCII);

  private final SealedObjects objects;

  public Tombstones(SealedObjects objects) {
    this.objects = objects;
  }

  /** All tombstones that have an object in the store. */
  public List<TombstoneState> list() throws IOException {
    TreeMap<String, TombstoneState> tombstones = new TreeMap<>();
    objects.list(PREFIX, entry -> {
      Matcher name = NAME.matcher(entry.key().value());
      if (name.matches()) {
        boolean main = name.group(2).isEmpty();
        TombstoneState state = new TombstoneState(Hex128.parse(name.group(1)),
            main ? Optional.of(entry.lastModified()) : Optional.empty(), name.group(2).equals(SWEPT));
        tombstones.merge(name.group(1), state, Tombstones::both);
      }
    });
    return new ArrayList<>(tombstones.values());
  }

  private static TombstoneState both(TombstoneState one, TombstoneState other) {
    return new TombstoneState(one.id(), one.published().or(other::published), one.swept() || other.swept());
  }

  /** Reads a tombstone; empty when it was retired. */
  public Optional<Tombstone> read(Hex128 id) throws IOException {
    ObjectKey key = key(id, "");
    Optional<SealedObjects.Opened> opened = objects.read(ObjectKind.TOMBSTONE, key);
    return opened.isPresent()
        ? Optional.of(TombstoneFormat.readTombstone(key.value(), id, opened.get().plaintext()))
        : Optional.empty();
  }

  /** All packs that some tombstone dooms. */
  public PackSet doomed() throws IOException {
    PackSet doomed = new PackSet();
    for (TombstoneState state : list()) {
      if (state.published().isPresent()) {
        // One that is gone by now was retired, and its packs were deleted long before.
        read(state.id()).ifPresent(tombstone -> doomed.addAll(tombstone.packs()));
      }
    }
    return doomed;
  }

  /** Publishes a tombstone. May be repeated with the same one. */
  public void publish(Tombstone tombstone) throws IOException {
    objects.create(ObjectKind.TOMBSTONE, key(tombstone.id(), ""), TombstoneFormat.write(tombstone));
  }

  /** The sessions that the tombstone waits for; empty when nobody has listed them yet. */
  public Optional<List<SessionId>> awaited(Hex128 id) throws IOException {
    ObjectKey key = key(id, AWAITED);
    Optional<SealedObjects.Opened> opened = objects.read(ObjectKind.AWAITED, key);
    return opened.isPresent()
        ? Optional.of(TombstoneFormat.readSessions(key.value(), opened.get().plaintext()))
        : Optional.empty();
  }

  /**
   * Fixes the sessions that the tombstone waits for, and returns them: a list that was made after it was published. The first one
   * stays; a later one would only wait for sessions that know the tombstone.
   */
  public List<SessionId> await(Hex128 id, List<SessionId> sessions) throws IOException {
    boolean first = objects.create(ObjectKind.AWAITED, key(id, AWAITED), TombstoneFormat.write(sessions));
    return first ? sessions : awaited(id).orElse(sessions);
  }

  /** Remembers that the packs are deleted. */
  public void markSwept(Hex128 id) throws IOException {
    objects.create(ObjectKind.SWEPT, key(id, SWEPT), DONE);
  }

  /** Deletes the tombstone and what belongs to it. */
  public void retire(Hex128 id) throws IOException {
    objects.delete(key(id, ""));
    objects.delete(key(id, AWAITED));
    objects.delete(key(id, SWEPT));
  }

  private static ObjectKey key(Hex128 id, String companion) {
    return new ObjectKey(PREFIX + id + companion);
  }
}
