package dev.moorage.testkit.objectstore;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.Listing;
import dev.moorage.objectstore.ObjectHead;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.objectstore.Version;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A store as somebody sees it who is killed after some requests: the next one is not made, or is made and its answer never comes, and
 * no other is. What is in the store beneath stays. It can also let something happen just before a certain write, once, and refuse to
 * delete. Safe for use by several threads, whose requests it takes one after the other.
 */
public final class EndingStore implements ObjectStore {

  private final ObjectStore store;
  private int requests;
  private boolean lastIsDone;
  private volatile boolean ended;
  private boolean keeps;
  private Predicate<ObjectKey> watched = _ -> false;
  private Interruption interruption = () -> { };

  /** What happens in between. */
  @FunctionalInterface
  public interface Interruption {
    void happen() throws IOException;
  }

  /** {@code requests} succeed; the one after them is carried out when {@code lastIsDone}. */
  public EndingStore(ObjectStore store, int requests, boolean lastIsDone) {
    this.store = store;
    endAfter(requests, lastIsDone);
  }

  /** So many from now on. */
  public synchronized void endAfter(int more, boolean doneLast) {
    requests = more;
    lastIsDone = doneLast;
  }

  /** Before the first write of such a key, that happens. */
  public void before(Predicate<ObjectKey> key, Interruption what) {
    watched = key;
    interruption = what;
  }

  /** From now on deleting is denied. */
  public void refuseDeletes() {
    keeps = true;
  }

  @FunctionalInterface
  private interface Request<T> {
    T send() throws ObjectStoreException;
  }

  /** Whether it came to that: who gets this can do nothing more, as if he were not there. */
  public boolean isEnded() {
    return ended;
  }

  private static ObjectStoreException killed() {
    return new ObjectStoreException.Unavailable("send a request", "who sent it was killed", "", null);
  }

  private synchronized <T> T request(Request<T> request) throws ObjectStoreException {
    if (ended || (requests == 0 && !lastIsDone)) {
      ended = true;
      throw killed();
    }
    T answer = request.send();
    if (requests == 0) {
      ended = true;
      throw killed();
    }
    requests--;
    return answer;
  }

  @Override
  public Optional<Version> putIfAbsent(ObjectKey key, Content content) throws ObjectStoreException {
    if (watched.test(key)) {
      watched = _ -> false;
      try {
        interruption.happen();
      } catch (IOException e) {
        throw new AssertionError("what was to happen before " + key + " failed", e);
      }
    }
    return request(() -> store.putIfAbsent(key, content));
  }

  @Override
  public Optional<Version> replaceIfMatch(ObjectKey key, Version expected, Content content) throws ObjectStoreException {
    return request(() -> store.replaceIfMatch(key, expected, content));
  }

  @Override
  public ObjectStream get(ObjectKey key) throws ObjectStoreException {
    return request(() -> store.get(key));
  }

  @Override
  public ObjectStream getRange(ObjectKey key, long offset, int length) throws ObjectStoreException {
    return request(() -> store.getRange(key, offset, length));
  }

  @Override
  public Optional<ObjectHead> head(ObjectKey key) throws ObjectStoreException {
    return request(() -> store.head(key));
  }

  @Override
  public Listing list(String prefix, Optional<String> after, int limit) throws ObjectStoreException {
    return request(() -> store.list(prefix, after, limit));
  }

  @Override
  public boolean delete(ObjectKey key) throws ObjectStoreException {
    if (keeps) {
      throw new ObjectStoreException.Denied("delete object " + key, "this credential may not delete", "", null);
    }
    return request(() -> store.delete(key));
  }

  @Override
  public void close() throws ObjectStoreException {
    store.close();
  }
}
