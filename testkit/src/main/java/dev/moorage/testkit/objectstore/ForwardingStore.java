package dev.moorage.testkit.objectstore;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.Listing;
import dev.moorage.objectstore.ObjectHead;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.objectstore.ProbeReport;
import dev.moorage.objectstore.Version;
import java.util.Optional;

/** Hands every request on, for tests that answer some of them in another way. */
public class ForwardingStore implements ObjectStore {

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
  public ProbeReport probe() throws ObjectStoreException {
    return to.probe();
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
