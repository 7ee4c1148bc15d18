package dev.moorage.repository.gc;

import dev.moorage.objectstore.ForwardingStore;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;

/** A store under object lock: nothing may be deleted. */
final class LockingStore extends ForwardingStore {

  LockingStore(ObjectStore to) {
    super(to);
  }

  @Override
  public boolean delete(ObjectKey key) throws ObjectStoreException {
    throw new ObjectStoreException.Denied("delete " + key, "it is locked", "", null);
  }
}
