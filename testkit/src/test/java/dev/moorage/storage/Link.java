package dev.moorage.storage;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ForwardingStore;
import dev.moorage.objectstore.Listing;
import dev.moorage.objectstore.ObjectHead;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.objectstore.Version;
import java.util.Optional;

/** How one host sees a store: wholly, without its packs, or not at all. */
final class Link extends ForwardingStore {

  private volatile State state = State.UP;

  enum State {
    UP,
    /** Snapshots can be looked up, but nothing of them arrives. */
    NO_PACKS,
    /** As before, and trying again is no use. */
    PACKS_DENIED,
    /** As a disk that is mounted read-only. */
    READ_ONLY,
    /** As a client that has a mistake in it. */
    BROKEN,
    DOWN
  }

  Link(ObjectStore store) {
    super(store);
  }

  void set(State next) {
    state = next;
  }

  private void pass(String key) throws ObjectStoreException {
    boolean pack = key.startsWith("packs/");
    if (state == State.BROKEN) {
      throw new AssertionError("BUG: a client of a store that fails at " + key);
    }
    if (state == State.DOWN || (state == State.NO_PACKS && pack)) {
      throw new ObjectStoreException.Unavailable("reach " + key, "no answer came within 1 s", "", null);
    }
    if (state == State.PACKS_DENIED && pack) {
      throw new ObjectStoreException.Denied("read " + key, "the store answered 403", "Mend the credentials", null);
    }
  }

  private void write(String key) throws ObjectStoreException {
    pass(key);
    if (state == State.READ_ONLY) {
      throw new ObjectStoreException.Denied("write " + key, "Read-only file system", "Mount it writable", null);
    }
  }

  @Override
  public Optional<Version> putIfAbsent(ObjectKey key, Content content) throws ObjectStoreException {
    write(key.value());
    return super.putIfAbsent(key, content);
  }

  @Override
  public Optional<Version> replaceIfMatch(ObjectKey key, Version expected, Content content) throws ObjectStoreException {
    write(key.value());
    return super.replaceIfMatch(key, expected, content);
  }

  @Override
  public ObjectStream get(ObjectKey key) throws ObjectStoreException {
    pass(key.value());
    return super.get(key);
  }

  @Override
  public ObjectStream getRange(ObjectKey key, long offset, int length) throws ObjectStoreException {
    pass(key.value());
    return super.getRange(key, offset, length);
  }

  @Override
  public Optional<ObjectHead> head(ObjectKey key) throws ObjectStoreException {
    pass(key.value());
    return super.head(key);
  }

  @Override
  public Listing list(String prefix, Optional<String> after, int limit) throws ObjectStoreException {
    pass(prefix);
    return super.list(prefix, after, limit);
  }

  @Override
  public boolean delete(ObjectKey key) throws ObjectStoreException {
    write(key.value());
    return super.delete(key);
  }
}
