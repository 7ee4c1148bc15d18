package dev.moorage.repository;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.Listing;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.repository.key.KeyRing;
import dev.moorage.repository.key.KeySlot;
import dev.moorage.repository.key.KeySlots;
import dev.moorage.repository.key.UnlockSecret;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The key slots of a repository in its store. Any one slot opens everything. Safe for use by several threads; two hosts that change
 * keys at once may both succeed, and no slot that somebody relies on is lost by it.
 */
public final class Keys {

  /** A slot is a few hundred bytes; something much larger is none. */
  private static final int SLOT_BYTES_MAX = 64 << 10;

  private final ObjectStore store;
  private final RepositoryId repository;
  private final SecureRandom random;
  private final Clock clock;
  private final Epochs epochs;

  Keys(ObjectStore store, RepositoryId repository, SecureRandom random, Clock clock) {
    this.store = store;
    this.repository = repository;
    this.random = random;
    this.clock = clock;
    this.epochs = new Epochs(store, random);
  }

  /** All slots, in the order of their ids. */
  public List<KeySlot> list() throws IOException {
    List<KeySlot> slots = new ArrayList<>();
    Optional<String> after = Optional.empty();
    while (true) {
      Listing page = store.list(KeySlot.PREFIX, after, ObjectStore.LIST_LIMIT_MAX);
      for (Listing.Entry entry : page.objects()) {
        if (entry.size() <= SLOT_BYTES_MAX) {
          slots.add(read(entry.key()));
        }
      }
      if (page.next().isEmpty()) {
        return slots;
      }
      after = page.next();
    }
  }

  private KeySlot read(ObjectKey key) throws IOException {
    try (ObjectStream stream = store.get(key)) {
      return KeySlot.parse(key.value(), stream.readAllBytes());
    }
  }

  /**
   * The newest ring that this secret opens, which writes with an epoch that is in force.
   *
   * @throws UnreadableException.WrongKey when it opens no slot
   */
  KeyRing unlock(UnlockSecret secret) throws IOException {
    Optional<KeyRing> newest = Optional.empty();
    for (KeySlots.Unlocked each : KeySlots.unlockAll(repository, list(), secret)) {
      KeyRing ring = epochs.inForce(each.ring());
      newest = newest.filter(other -> other.epoch() >= ring.epoch()).or(() -> Optional.of(ring));
    }
    return newest.orElseThrow();
  }

  /** Whether this secret opens the repository, as its slots are now. */
  public boolean isOpenedBy(UnlockSecret secret) throws IOException {
    try {
      return unlock(secret).repository().equals(repository);
    } catch (UnreadableException.WrongKey e) {
      return false;
    }
  }

  /** Whether the secret opens this slot and none besides it. */
  public boolean isOpenedByNoOther(UnlockSecret secret, String slot) throws IOException {
    for (KeySlot each : list()) {
      boolean opens = each.kind() == secret.kind() && KeySlots.open(repository, each, secret).isPresent();
      if (opens && !each.id().toString().equals(slot)) {
        return false;
      }
    }
    return true;
  }

  /** Stores one more slot, which this secret opens. */
  KeySlot add(KeyRing ring, UnlockSecret secret, String label) throws IOException {
    KeySlot slot = KeySlots.wrap(ring, secret, label, clock.instant(), random);
    if (store.putIfAbsent(new ObjectKey(slot.key()), Content.of(slot.toBytes())).isEmpty()) {
      throw new IOException("cannot add a key: the random id " + slot.id() + " is in use. Try again");
    }
    return slot;
  }

  /**
   * Removes a slot: its secret opens the repository no more. Whoever kept a copy of the ring can go on reading; rotate the keys, too,
   * when a secret was stolen. Needs the right to delete.
   *
   * @throws IllegalArgumentException when there is no such slot, or it is the last one
   */
  public void remove(String id) throws IOException {
    List<KeySlot> slots = list();
    if (slots.stream().noneMatch(slot -> slot.id().toString().equals(id))) {
      throw new IllegalArgumentException("there is no key slot " + id);
    }
    if (slots.size() == 1) {
      throw new IllegalArgumentException("key slot " + id + " is the last one; without it nobody could read the repository any more");
    }
    store.delete(new ObjectKey(KeySlot.PREFIX + id));
  }

  void delete(KeySlot slot) throws IOException {
    store.delete(new ObjectKey(slot.key()));
  }
}
