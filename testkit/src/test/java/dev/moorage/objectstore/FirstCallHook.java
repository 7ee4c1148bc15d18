package dev.moorage.objectstore;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Does something else in place of the first write or delete. */
final class FirstCallHook implements ObjectStore {

  interface Hook {
    void run() throws ObjectStoreException;
  }

  private final ObjectStore store;
  private final Hook hook;
  private final AtomicBoolean ran = new AtomicBoolean();

  FirstCallHook(ObjectStore store, Hook hook) {
    this.store = store;
    this.hook = hook;
  }

  private void runOnce() throws ObjectStoreException {
    if (ran.compareAndSet(false, true)) {
      hook.run();
    }
  }

  @Override
  public Optional<Version> putIfAbsent(ObjectKey key, Content content) throws ObjectStoreException {
    runOnce();
    return store.putIfAbsent(key, content);
  }

  @Override
  public Optional<Version> replaceIfMatch(ObjectKey key, Version expected, Content content) throws ObjectStoreException {
    runOnce();
    return store.replaceIfMatch(key, expected, content);
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
    runOnce();
    return store.delete(key);
  }

  @Override
  public void close() throws ObjectStoreException {
    store.close();
  }
}
