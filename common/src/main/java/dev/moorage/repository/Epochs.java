package dev.moorage.repository;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.Listing;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.repository.key.KeyRing;
import dev.moorage.repository.seal.ObjectKind;
import dev.moorage.repository.seal.Sealer;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which epochs of the key ring are in force. The first one is; each further one is from the moment when {@code epochs/NUMBER} exists, an
 * object that is created once, sealed with the epoch's own key. Nothing is written with an epoch before that. So a rotation that was
 * interrupted, or that lost against another one, leaves nothing behind that only its key could open. Safe for use by several threads.
 */
final class Epochs {

  static final String PREFIX = "epochs/";

  private static final int FIRST = 1;
  private static final Pattern NAME = Pattern.compile(PREFIX + "([0-9a-f]{4})");
  private static final byte[] TEXT = "{}\n".getBytes(US_ASCII);

  private final ObjectStore store;
  private final SecureRandom random;

  Epochs(ObjectStore store, SecureRandom random) {
    this.store = store;
    this.random = random;
  }

  /** The newest epoch that is in force. One request. */
  int newest() throws IOException {
    int newest = FIRST;
    Optional<String> after = Optional.empty();
    do {
      Listing page = store.list(PREFIX, after, ObjectStore.LIST_LIMIT_MAX);
      for (Listing.Entry entry : page.objects()) {
        Matcher name = NAME.matcher(entry.key().value());
        newest = name.matches() ? Math.max(newest, Integer.parseInt(name.group(1), 16)) : newest;
      }
      after = page.next();
    } while (after.isPresent());
    return newest;
  }

  /** The ring as it may be used: it writes with its newest epoch that is in force, and has no key that another one won against. */
  KeyRing inForce(KeyRing ring) throws IOException {
    int newest = newest();
    KeyRing settled = ring;
    int epoch = ring.epochUpTo(newest);
    while (epoch > FIRST && !isInForce(settled, epoch)) {
      settled = settled.without(epoch);
      epoch = settled.epochUpTo(newest);
    }
    return settled.writing(epoch);
  }

  /** Puts the ring's epoch in force; false when another ring's epoch of this number is. Repeating it is harmless. */
  boolean begin(KeyRing ring) throws IOException {
    ObjectKey key = key(ring.epoch());
    byte[] marker = new Sealer(ring, random).seal(ObjectKind.EPOCH, key.value(), TEXT);
    return store.putIfAbsent(key, Content.of(marker)).isPresent() || isInForce(ring, ring.epoch());
  }

  /** Whether the epoch in force of that number is the ring's. */
  private boolean isInForce(KeyRing ring, int epoch) throws IOException {
    ObjectKey key = key(epoch);
    try (ObjectStream stream = store.get(key)) {
      new Sealer(ring, random).open(ObjectKind.EPOCH, key.value(), stream.readAllBytes());
      return true;
    } catch (UnreadableException.WrongKey e) {
      return false;
    } catch (ObjectStoreException.NoSuchObject e) {
      // It was lost: a later one is there, and whoever made that had this one.
      return true;
    }
  }

  private static ObjectKey key(int epoch) {
    return new ObjectKey(PREFIX + String.format("%04x", epoch));
  }
}
