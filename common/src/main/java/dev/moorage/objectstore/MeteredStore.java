package dev.moorage.objectstore;

import dev.moorage.telemetry.StoreMeter;
import java.io.FilterInputStream;
import java.io.IOException;
import java.util.Optional;

/** Counts and times what is asked of a store and how it ends. What happens while a stream is read counts as {@code stream}. */
public final class MeteredStore implements ObjectStore {

  private static final String HEAD = "head";

  private final ObjectStore store;
  private final StoreMeter meter;

  /** Put below {@link RetryingStore} it counts attempts, above it calls. */
  public MeteredStore(ObjectStore store, StoreMeter meter) {
    this.store = store;
    this.meter = meter;
  }

  private interface Request<T> {
    T send() throws ObjectStoreException;
  }

  private <T> T measure(String operation, Request<T> request) throws ObjectStoreException {
    long begin = System.nanoTime();
    T result;
    try {
      result = request.send();
    } catch (ObjectStoreException e) {
      meter.failed(operation, outcome(e), System.nanoTime() - begin);
      throw e;
    }
    // Only writes are refused: that there is no head is an answer.
    boolean refused = result instanceof Optional<?> version && version.isEmpty() && !operation.equals(HEAD);
    meter.answered(operation, refused ? "refused" : "ok", System.nanoTime() - begin);
    return result;
  }

  /** The word for a kind of failure. */
  static String outcome(ObjectStoreException failure) {
    return switch (failure) {
      case ObjectStoreException.NoSuchObject _ -> "no-such-object";
      case ObjectStoreException.InvalidRange _ -> "invalid-range";
      case ObjectStoreException.Denied _ -> "denied";
      case ObjectStoreException.Throttled _ -> "throttled";
      case ObjectStoreException.Unavailable _ -> "unavailable";
      case ObjectStoreException.NoSpace _ -> "no-space";
      case ObjectStoreException.Invalid _ -> "invalid";
      case ObjectStoreException.ConditionsUnsupported _ -> "conditions-unsupported";
      case ObjectStoreException.Corrupt _ -> "corrupt";
      case ObjectStoreException.Interrupted _ -> "interrupted";
    };
  }

  @Override
  public Optional<Version> putIfAbsent(ObjectKey key, Content content) throws ObjectStoreException {
    Optional<Version> version = measure("put", () -> store.putIfAbsent(key, content));
    version.ifPresent(_ -> meter.sent(content.length()));
    return version;
  }

  @Override
  public Optional<Version> replaceIfMatch(ObjectKey key, Version expected, Content content) throws ObjectStoreException {
    Optional<Version> version = measure("replace", () -> store.replaceIfMatch(key, expected, content));
    version.ifPresent(_ -> meter.sent(content.length()));
    return version;
  }

  @Override
  public ObjectStream get(ObjectKey key) throws ObjectStoreException {
    return metered(measure("get", () -> store.get(key)));
  }

  @Override
  public ObjectStream getRange(ObjectKey key, long offset, int length) throws ObjectStoreException {
    return metered(measure("get-range", () -> store.getRange(key, offset, length)));
  }

  private ObjectStream metered(ObjectStream in) {
    return new ObjectStream(new Metered(in, meter), in.version(), in.length());
  }

  @Override
  public Optional<ObjectHead> head(ObjectKey key) throws ObjectStoreException {
    return measure(HEAD, () -> store.head(key));
  }

  @Override
  public Listing list(String prefix, Optional<String> after, int limit) throws ObjectStoreException {
    return measure("list", () -> store.list(prefix, after, limit));
  }

  @Override
  public boolean delete(ObjectKey key) throws ObjectStoreException {
    return measure("delete", () -> store.delete(key));
  }

  @Override
  public void close() throws ObjectStoreException {
    store.close();
  }

  @Override
  public String toString() {
    return store.toString();
  }

  private static final class Metered extends FilterInputStream {

    private final StoreMeter meter;

    Metered(ObjectStream in, StoreMeter meter) {
      super(in);
      this.meter = meter;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      long begin = System.nanoTime();
      try {
        int count = in.read(target, offset, length);
        if (count > 0) {
          meter.received(count);
        }
        return count;
      } catch (ObjectStoreException e) {
        meter.failed("stream", outcome(e), System.nanoTime() - begin);
        throw e;
      }
    }
  }
}
