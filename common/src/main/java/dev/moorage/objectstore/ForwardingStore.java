package dev.moorage.objectstore;

import java.util.Optional;

/**
 * Hands every request on: for what stands around a store and answers some requests in another way. {@link #probe} tries what stands here,
 * with what it does, not the store beneath.
 */
public abstract class ForwardingStore implements ObjectStore {

  /** The store beneath. */
  protected final ObjectStore to;

  protected ForwardingStore(ObjectStore to) {
    this.to = to;
  }

  @Override
  public Optional<Version> putIfAbsent(ObjectKey key, Content content) throws ObjectStoreException {
    return to.putIfAbsent(key, content);
  }

  @Override
  public Optional<Version> replaceIfMatch(ObjectKey key, Version expected, Content content) throws ObjectStoreException {
    return to.replaceIfMatch(key, expected, content);
  }

  @Override
  public ObjectStream get(ObjectKey key) throws ObjectStoreException {
    return to.get(key);
  }

  @Override
  public ObjectStream getRange(ObjectKey key, long offset, int length) throws ObjectStoreException {
    return to.getRange(key, offset, length);
  }

  @Override
  public Optional<ObjectHead> head(ObjectKey key) throws ObjectStoreException {
    return to.head(key);
  }

  @Override
  public Listing list(String prefix, Optional<String> after, int limit) throws ObjectStoreException {
    return to.list(prefix, after, limit);
  }

  @Override
  public boolean delete(ObjectKey key) throws ObjectStoreException {
    return to.delete(key);
  }

  @Override
  public void close() throws ObjectStoreException {
    to.close();
  }

  @Override
  public String toString() {
    return to.toString();
  }
}
