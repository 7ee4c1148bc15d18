package dev.moorage.testkit.objectstore;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.Listing;
import dev.moorage.objectstore.ObjectHead;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.objectstore.Version;
import java.io.FilterInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A store that fails as real ones do, as often as it is told and at moments that a seed decides. The same seed and the same calls of one
 * thread give the same failures. Safe for use by several threads.
 */
public final class FaultyStore implements ObjectStore {

  /** What can go wrong. */
  public enum Fault {
    /** Nothing was done and no answer came in time. */
    TIME_OUT,
    /** Nothing was done; the store failed inside (500). */
    SERVER_ERROR,
    /** Nothing was done; the store wants fewer requests (503). */
    SLOW_DOWN,
    /** The request was carried out and its answer lost. */
    ANSWER_LOST,
    /** The stream breaks off somewhere. */
    TORN_READ
  }

  /** One in so many requests suffers that fault; absent or 0 is never. */
  public record Faults(Map<Fault, Integer> oneIn) {

    public Faults {
      oneIn = Map.copyOf(oneIn);
    }

    /** Each fault in one of so many requests. */
    public static Faults all(int oneIn) {
      Map<Fault, Integer> all = new EnumMap<>(Fault.class);
      for (Fault fault : Fault.values()) {
        all.put(fault, oneIn);
      }
      return new Faults(all);
    }

    /** This one fault only. */
    public static Faults only(Fault fault, int oneIn) {
      return new Faults(Map.of(fault, oneIn));
    }
  }

  private final ObjectStore store;
  private final SplittableRandom random;
  private final Map<Fault, Long> happened = new EnumMap<>(Fault.class);
  private Faults faults;

  public FaultyStore(ObjectStore store, long seed, Faults faults) {
    this.store = store;
    this.random = new SplittableRandom(seed);
    this.faults = faults;
  }

  /** Other faults from now on. */
  public synchronized void set(Faults next) {
    faults = next;
  }

  /** How often each fault happened. */
  public synchronized Map<Fault, Long> happened() {
    return new EnumMap<>(happened);
  }

  private interface Request<T> {
    T send() throws ObjectStoreException;
  }

  private <T> T send(String action, Request<T> request) throws ObjectStoreException {
    if (strikes(Fault.TIME_OUT)) {
      throw new ObjectStoreException.Unavailable(action, "no answer came within 1 s", "", null);
    }
    if (strikes(Fault.SERVER_ERROR)) {
      throw new ObjectStoreException.Unavailable(action, "the store answered 500", "", null);
    }
    if (strikes(Fault.SLOW_DOWN)) {
      throw new ObjectStoreException.Throttled(action, "the store answered 503 SlowDown", Optional.of(Duration.ofMillis(1)), null);
    }
    T result = request.send();
    if (strikes(Fault.ANSWER_LOST)) {
      if (result instanceof ObjectStream in) {
        close(in);
      }
      throw new ObjectStoreException.Unavailable(action, "the connection was reset", "", null);
    }
    return result;
  }

  private static void close(ObjectStream in) throws ObjectStoreException {
    try {
      in.close();
    } catch (ObjectStoreException e) {
      throw e;
    } catch (IOException e) {
      throw new AssertionError("a stream of an object store failed otherwise", e);
    }
  }

  private synchronized boolean strikes(Fault fault) {
    int oneIn = faults.oneIn().getOrDefault(fault, 0);
    boolean strikes = oneIn > 0 && random.nextInt(oneIn) == 0;
    if (strikes) {
      happened.merge(fault, 1L, Long::sum);
    }
    return strikes;
  }

  private synchronized long upTo(long bound) {
    return bound == 0 ? 0 : random.nextLong(bound);
  }

  private ObjectStream perhapsTorn(ObjectStream in) {
    return strikes(Fault.TORN_READ) ? new ObjectStream(new Torn(in, upTo(in.length())), in.version(), in.length()) : in;
  }

  @Override
  public Optional<Version> putIfAbsent(ObjectKey key, Content content) throws ObjectStoreException {
    return send("create object " + key, () -> store.putIfAbsent(key, content));
  }

  @Override
  public Optional<Version> replaceIfMatch(ObjectKey key, Version expected, Content content) throws ObjectStoreException {
    return send("replace object " + key, () -> store.replaceIfMatch(key, expected, content));
  }

  @Override
  public ObjectStream get(ObjectKey key) throws ObjectStoreException {
    return perhapsTorn(send("read object " + key, () -> store.get(key)));
  }

  @Override
  public ObjectStream getRange(ObjectKey key, long offset, int length) throws ObjectStoreException {
    return perhapsTorn(send("read object " + key, () -> store.getRange(key, offset, length)));
  }

  @Override
  public Optional<ObjectHead> head(ObjectKey key) throws ObjectStoreException {
    return send("look at object " + key, () -> store.head(key));
  }

  @Override
  public Listing list(String prefix, Optional<String> after, int limit) throws ObjectStoreException {
    return send("list objects " + prefix + "*", () -> store.list(prefix, after, limit));
  }

  @Override
  public boolean delete(ObjectKey key) throws ObjectStoreException {
    return send("delete object " + key, () -> store.delete(key));
  }

  @Override
  public void close() throws ObjectStoreException {
    store.close();
  }

  @Override
  public String toString() {
    return "faulty " + store;
  }

  /** Breaks off after so many bytes. */
  private static final class Torn extends FilterInputStream {

    private long left;

    Torn(ObjectStream in, long left) {
      super(in);
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (left == 0) {
        throw new ObjectStoreException.Unavailable("read an object", "the connection was reset", "", null);
      }
      int count = in.read(target, offset, (int) Math.min(length, left));
      left -= Math.max(count, 0);
      return count;
    }
  }
}
