package dev.moorage.testkit.objectstore;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ForwardingStore;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.Version;
import java.util.Optional;

/**
 * A store that ignores conditions, as some that call themselves compatible do: who creates what is there overwrites it, and is told that he
 * won.
 */
public final class CarelessStore extends ForwardingStore {

  public CarelessStore(ObjectStore store) {
    super(store);
  }

  @Override
  public synchronized Optional<Version> putIfAbsent(ObjectKey key, Content content) throws ObjectStoreException {
    delete(key);
    return super.putIfAbsent(key, content);
  }

  @Override
  public Optional<Version> replaceIfMatch(ObjectKey key, Version expected, Content content) throws ObjectStoreException {
    return putIfAbsent(key, content);
  }

  @Override
  public String toString() {
    return "a careless store";
  }
}
