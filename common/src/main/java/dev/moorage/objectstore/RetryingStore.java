package dev.moorage.objectstore;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Repeats what failed and may succeed, with growing pauses, until a deadline. Objects of up to {@value #WHOLE_BYTES_MAX} bytes are read
 * before {@link #get} returns; streams of larger ones continue where they broke off, unless the object was replaced meanwhile: that is
 * {@link ObjectStoreException.Unavailable}, and who reads it again from its beginning sees the new one.
 *
 * <p><b>A write whose answer was lost.</b> An attempt that failed may have been carried out. If a later attempt of the same call is then
 * refused, the object is read and compared byte by byte: if it is what this call wanted to write, the call has succeeded. So two callers
 * that create one key with the <em>same</em> bytes may both be told that they won; who must know whether it was himself puts something
 * into the content that only he can have written. If it is something else the call was refused: for {@link #replaceIfMatch} this may
 * also be because somebody replaced in turn what this call wrote; for {@link #putIfAbsent}, because somebody deleted it and another
 * wrote anew.
 *
 * <p>A delete that was in doubt says that there was something.
 */
public final class RetryingStore implements ObjectStore {

  /** Objects up to this size are read as a whole; all that are ever replaced should be. */
  public static final int WHOLE_BYTES_MAX = 512 << 10;

  private static final int BUFFER_BYTES = 1 << 16;

  private final ObjectStore store;
  private final RetryPolicy policy;
  private final RandomGenerator random;
  private final Pace pace;

  /** {@code random} chooses the pauses and must be safe for use by several threads. */
  public RetryingStore(ObjectStore store, RetryPolicy policy, RandomGenerator random, Pace pace) {
    this.store = store;
    this.policy = policy;
    this.random = random;
    this.pace = pace;
  }

  private interface Request<T> {
    T send() throws ObjectStoreException;
  }

  private Attempts attempts() {
    return new Attempts(policy, random, pace);
  }

  private <T> T repeat(Attempts attempts, Request<T> request) throws ObjectStoreException {
    while (true) {
      try {
        return request.send();
      } catch (ObjectStoreException e) {
        attempts.failed(e);
      }
    }
  }

  @Override
  public Optional<Version> putIfAbsent(ObjectKey key, Content content) throws ObjectStoreException {
    Attempts attempts = attempts();
    // Looked for before it is sent again: a server that refuses before it has read the body may hang up, and never be heard.
    return write(key, content, attempts, () ->
        attempts.inDoubt() && store.head(key).isPresent() ? Optional.empty() : store.putIfAbsent(key, content));
  }

  @Override
  public Optional<Version> replaceIfMatch(ObjectKey key, Version expected, Content content) throws ObjectStoreException {
    return write(key, content, attempts(), () -> store.replaceIfMatch(key, expected, content));
  }

  private Optional<Version> write(ObjectKey key, Content content, Attempts attempts, Request<Optional<Version>> request)
      throws ObjectStoreException {
    Optional<Version> version = repeat(attempts, request);
    return version.isEmpty() && attempts.inDoubt() ? repeat(attempts(), () -> versionIfEqual(key, content)) : version;
  }

  /** The version of the object, if its bytes are those of the content. */
  private Optional<Version> versionIfEqual(ObjectKey key, Content content) throws ObjectStoreException {
    try (ObjectStream stored = store.get(key); InputStream wanted = content.open()) {
      return stored.length() == content.length() && equal(stored, wanted) ? Optional.of(stored.version()) : Optional.empty();
    } catch (ObjectStoreException.NoSuchObject e) {
      return Optional.empty();
    } catch (ObjectStoreException e) {
      throw e;
    } catch (IOException e) {
      throw new ObjectStoreException.Corrupt("compare object " + key + " of " + store, "what is to be stored cannot be read again", "", e);
    }
  }

  private static boolean equal(InputStream one, InputStream other) throws IOException {
    while (true) {
      byte[] left = one.readNBytes(BUFFER_BYTES);
      byte[] right = other.readNBytes(BUFFER_BYTES);
      if (!Arrays.equals(left, right)) {
        return false;
      }
      if (left.length == 0) {
        return true;
      }
    }
  }

  @Override
  public ObjectStream get(ObjectKey key) throws ObjectStoreException {
    return repeat(attempts(), () -> {
      ObjectStream in = store.get(key);
      return in.length() <= WHOLE_BYTES_MAX ? whole(key, in) : resuming(key, 0, in);
    });
  }

  private ObjectStream whole(ObjectKey key, ObjectStream in) throws ObjectStoreException {
    try (in) {
      byte[] bytes = in.readAllBytes();
      return new ObjectStream(new ByteArrayInputStream(bytes), in.version(), bytes.length);
    } catch (ObjectStoreException e) {
      throw e;
    } catch (IOException e) {
      throw new ObjectStoreException.Unavailable("read object " + key + " of " + store, e.toString(), "", e);
    }
  }

  @Override
  public ObjectStream getRange(ObjectKey key, long offset, int length) throws ObjectStoreException {
    return resuming(key, offset, repeat(attempts(), () -> store.getRange(key, offset, length)));
  }

  private ObjectStream resuming(ObjectKey key, long offset, ObjectStream first) {
    return new ObjectStream(new ResumingStream(store, key, offset, first, attempts()), first.version(), first.length());
  }

  @Override
  public Optional<ObjectHead> head(ObjectKey key) throws ObjectStoreException {
    return repeat(attempts(), () -> store.head(key));
  }

  @Override
  public Listing list(String prefix, Optional<String> after, int limit) throws ObjectStoreException {
    return repeat(attempts(), () -> store.list(prefix, after, limit));
  }

  @Override
  public boolean delete(ObjectKey key) throws ObjectStoreException {
    Attempts attempts = attempts();
    boolean deleted = repeat(attempts, () -> store.delete(key));
    return deleted || attempts.inDoubt();
  }

  @Override
  public void close() throws ObjectStoreException {
    store.close();
  }

  @Override
  public String toString() {
    return store.toString();
  }
}
