package dev.moorage.repository.history;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.Listing;
import dev.moorage.objectstore.ObjectHead;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.objectstore.Version;
import dev.moorage.repository.seal.ObjectKind;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * The small sealed objects of a repository in its store. It neither retries nor waits: a call whose answer was lost throws, and
 * whoever made it asks again. Safe for use by several threads.
 */
public final class SealedObjects {

  private final ObjectStore store;
  private final ObjectSealing sealing;

  public SealedObjects(ObjectStore store, ObjectSealing sealing) {
    this.store = store;
    this.sealing = sealing;
  }

  /** An object as it was read, and the version that it had. */
  // Compared by nobody: the bytes are what is read.
  @SuppressWarnings("ArrayRecordComponent")
  public record Opened(byte[] plaintext, Version version) {}

  /** Takes each object of a list. */
  @FunctionalInterface
  public interface Visitor {
    void visit(Listing.Entry entry) throws IOException;
  }

  /** Stores an object at a free key. False when the key was taken: what is there was left alone. */
  public boolean create(ObjectKind kind, ObjectKey key, byte[] plaintext) throws IOException {
    return store.putIfAbsent(key, sealed(kind, key, plaintext)).isPresent();
  }

  /** Replaces an object that still has that version; empty when it has another one or is gone. */
  public Optional<Version> replace(ObjectKind kind, ObjectKey key, Version expected, byte[] plaintext) throws IOException {
    return store.replaceIfMatch(key, expected, sealed(kind, key, plaintext));
  }

  /** Reads and opens an object; empty when the key is free. */
  public Optional<Opened> read(ObjectKind kind, ObjectKey key) throws IOException {
    try (ObjectStream stream = store.get(key)) {
      return Optional.of(new Opened(sealing.open(kind, key.value(), stream.readAllBytes()), stream.version()));
    } catch (ObjectStoreException.NoSuchObject e) {
      return Optional.empty();
    }
  }

  /** Whether there is an object at the key. */
  public boolean exists(ObjectKey key) throws IOException {
    return store.head(key).isPresent();
  }

  /** When the object was written, by the clock of the store; empty when the key is free. */
  public Optional<Instant> lastModified(ObjectKey key) throws IOException {
    return store.head(key).map(ObjectHead::lastModified);
  }

  /** Visits all objects whose keys begin with the prefix, in the order of their keys. */
  public void list(String prefix, Visitor visitor) throws IOException {
    Optional<String> after = Optional.empty();
    do {
      Listing page = store.list(prefix, after, ObjectStore.LIST_LIMIT_MAX);
      for (Listing.Entry entry : page.objects()) {
        visitor.visit(entry);
      }
      after = page.next();
    } while (after.isPresent());
  }

  /** The objects whose keys begin with the prefix and are greater than {@code after}, as many as the store tells at once. */
  Listing page(String prefix, Optional<String> after) throws IOException {
    return store.list(prefix, after, ObjectStore.LIST_LIMIT_MAX);
  }

  /** The first object below the prefix whose key is greater than {@code after}. */
  Optional<ObjectKey> first(String prefix, Optional<String> after) throws IOException {
    Optional<String> from = after;
    do {
      Listing page = store.list(prefix, from, 1);
      if (!page.objects().isEmpty()) {
        return Optional.of(page.objects().getFirst().key());
      }
      from = page.next();
    } while (from.isPresent());
    return Optional.empty();
  }

  /** Removes an object; nothing happens when the key is free. */
  public void delete(ObjectKey key) throws IOException {
    store.delete(key);
  }

  private Content sealed(ObjectKind kind, ObjectKey key, byte[] plaintext) {
    return Content.of(sealing.seal(kind, key.value(), plaintext));
  }
}
