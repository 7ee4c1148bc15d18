package dev.moorage.objectstore;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Does something else before the first write or delete. */
final class FirstCallHook extends ForwardingStore {

  interface Hook {
    void run() throws ObjectStoreException;
  }

  private final Hook hook;
  private final AtomicBoolean ran = new AtomicBoolean();

  FirstCallHook(ObjectStore store, Hook hook) {
    super(store);
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
    return super.putIfAbsent(key, content);
  }

  @Override
  public Optional<Version> replaceIfMatch(ObjectKey key, Version expected, Content content) throws ObjectStoreException {
    runOnce();
    return super.replaceIfMatch(key, expected, content);
  }

  @Override
  public boolean delete(ObjectKey key) throws ObjectStoreException {
    runOnce();
    return super.delete(key);
  }
}
