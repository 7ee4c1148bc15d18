package dev.moorage.storage;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ForwardingStore;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.Version;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A store in which the first object below some prefix that is created gets no answer, before or after it is there. */
final class Gate extends ForwardingStore {

  private final String prefix;
  private final boolean stores;
  private final CountDownLatch reached = new CountDownLatch(1);

  /** {@code stores} tells whether the object is there when nobody answers. */
  Gate(ObjectStore store, String prefix, boolean stores) {
    super(store);
    this.prefix = prefix;
    this.stores = stores;
  }

  void awaitReached() throws InterruptedException {
    reached.await();
  }

  @Override
  public Optional<Version> putIfAbsent(ObjectKey key, Content content) throws ObjectStoreException {
    if (!key.value().startsWith(prefix) || reached.getCount() == 0) {
      return super.putIfAbsent(key, content);
    }
    if (stores && super.putIfAbsent(key, content).isEmpty()) {
      throw new IllegalStateException(key + " is there already");
    }
    reached.countDown();
    try {
      new CountDownLatch(1).await();
      throw new IllegalStateException("nobody opens this gate");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ObjectStoreException.Interrupted("create " + key, e);
    }
  }
}
