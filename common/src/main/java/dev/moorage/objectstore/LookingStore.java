package dev.moorage.objectstore;

import java.util.Optional;

/**
 * Looks before it writes, for a medium that cannot refuse to overwrite: it creates when it sees that the key is free, and replaces when it
 * sees the expected version. Between the look and the write somebody else can write, so this keeps the contract for the threads of one
 * process, which take turns, and for nobody else: not for a second process, and not for a request that the network delivers late. Safe
 * for use by several threads.
 */
public final class LookingStore implements ObjectStore {

  private static final int TURNS = 64;

  private final ObjectStore store;
  private final Object[] turns = new Object[TURNS];

  /** {@code store} may write in place of refusing. */
  public LookingStore(ObjectStore store) {
    this.store = store;
    for (int i = 0; i < TURNS; i++) {
      turns[i] = new Object();
    }
  }

  private Object turn(ObjectKey key) {
    return turns[Math.floorMod(key.hashCode(), TURNS)];
  }

  @Override
  public Optional<Version> putIfAbsent(ObjectKey key, Content content) throws ObjectStoreException {
    synchronized (turn(key)) {
      return store.head(key).isPresent() ? Optional.empty() : store.putIfAbsent(key, content);
    }
  }

  @Override
  public Optional<Version> replaceIfMatch(ObjectKey key, Version expected, Content content) throws ObjectStoreException {
    synchronized (turn(key)) {
      boolean isExpected = store.head(key).filter(head -> head.version().equals(expected)).isPresent();
      return isExpected ? store.replaceIfMatch(key, expected, content) : Optional.empty();
    }
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
    synchronized (turn(key)) {
      return store.delete(key);
    }
  }

  @Override
  public void close() throws ObjectStoreException {
    store.close();
  }

  @Override
  public String toString() {
    return store.toString();
  }
}
