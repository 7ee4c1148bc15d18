package dev.moorage.objectstore;

import java.util.Optional;

/**
 * Looks before it writes, for a medium that cannot refuse to overwrite: it creates when it sees that the key is free, and replaces when it
 * sees the expected version. Between the look and the write somebody else can write, so this keeps the contract for the threads of one
 * process, which take turns, and for nobody else: not for a second process, and not for a request that the network delivers late. Safe
 * for use by several threads.
 */
public final class LookingStore extends ForwardingStore {

  private static final int TURNS = 64;

  private final Object[] turns = new Object[TURNS];

  /** {@code store} may write in place of refusing. */
  public LookingStore(ObjectStore store) {
    super(store);
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
      return head(key).isPresent() ? Optional.empty() : super.putIfAbsent(key, content);
    }
  }

  @Override
  public Optional<Version> replaceIfMatch(ObjectKey key, Version expected, Content content) throws ObjectStoreException {
    synchronized (turn(key)) {
      boolean isExpected = head(key).filter(head -> head.version().equals(expected)).isPresent();
      return isExpected ? super.replaceIfMatch(key, expected, content) : Optional.empty();
    }
  }

  @Override
  public boolean delete(ObjectKey key) throws ObjectStoreException {
    synchronized (turn(key)) {
      return super.delete(key);
    }
  }
}
