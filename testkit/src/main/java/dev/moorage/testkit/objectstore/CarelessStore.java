package dev.moorage.testkit.objectstore;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.Listing;
import dev.moorage.objectstore.ObjectHead;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.objectstore.Version;
import java.util.Optional;

/**
 * A store that ignores conditions, as some that call themselves compatible do: who creates what is there overwrites it, and is told that he
 * won.
 */
public final class CarelessStore implements ObjectStore {

  private final ObjectStore store;

  public CarelessStore(ObjectStore store) {
    this.store = store;
  }

  @Override
  public synchronized Optional<Version> putIfAbsent(ObjectKey key, Content content) throws ObjectStoreException {
    store.delete(key);
    return store.putIfAbsent(key, content);
  }

  @Override
  public Optional<Version> replaceIfMatch(ObjectKey key, Version expected, Content content) throws ObjectStoreException {
    return putIfAbsent(key, content);
  }

  @Override
  public ObjectStream get(ObjectKey key) throws ObjectStoreException {
    return store.get(key);
  }

  @Override
  public ObjectStream getRange(ObjectKey key, long offset, int length) throws ObjectStoreException {
    return store.getRange(key, offset, length);
  }

  @Override
  public Optional<ObjectHead> head(ObjectKey key) throws ObjectStoreException {
    return store.head(key);
  }

  @Override
  public Listing list(String prefix, Optional<String> after, int limit) throws ObjectStoreException {
    return store.list(prefix, after, limit);
  }

  @Override
  public boolean delete(ObjectKey key) throws ObjectStoreException {
    return store.delete(key);
  }

  @Override
  public void close() throws ObjectStoreException {
    store.close();
  }

  @Override
  public String toString() {
    return "a careless store";
  }
}
