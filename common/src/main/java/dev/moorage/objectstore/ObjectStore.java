package dev.moorage.objectstore;

import java.util.Optional;

/**
 * Keeps immutable objects, and a few that are swapped as a whole, under keys. It is not a filesystem: no directories, no renaming, no
 * partial writes; it does not encrypt, does not interpret what it keeps, and knows no history of an object.
 *
 * <p><b>Life cycle.</b> Whoever opened it closes it, once, when no call is under way and no stream is open. Opening does not talk to
 * the store unless it must; {@link #probe} finds out whether it is there and keeps its promises.
 *
 * <p><b>Durability.</b> When a write returns, it is stored: a crash of this process, of the host, or of the store itself does not undo
 * it, nor does it of a delete. A write that failed left the object as it was, or whole as asked for; never a part of it. After
 * {@link ObjectStoreException.Unavailable} or {@link ObjectStoreException.Interrupted} it is not known which of both.
 *
 * <p><b>Consistency.</b> Strong: a read, a {@link #head} and a {@link #list} that begin after a write returned see it, on every host. Two
 * conditional writes of one key happen one after the other, so of many creators of a key exactly one wins.
 *
 * <p><b>Idempotency.</b> Deleting twice is deleting. Creating twice is refused the second time; whoever repeats a write whose answer was
 * lost reads the object to see whose it is ({@link RetryingStore} does).
 *
 * <p><b>Concurrency.</b> Safe for use by many threads, processes and hosts at once. A call blocks its thread until it is done;
 * an interrupt ends it with {@link ObjectStoreException.Interrupted} where the medium allows it. Streams are for one thread each.
 *
 * <p><b>Failure.</b> Every failure is an {@link ObjectStoreException} of the kind that fits, also from the streams. {@link
 * ObjectStoreException#isRetriable} says whether trying again can help; stores themselves try a few times at most.
 */
public interface ObjectStore extends AutoCloseable {

  /** No page of a list is longer. */
  int LIST_LIMIT_MAX = 1000;

  /**
   * Stores the content under a key that is free.
   *
   * @return the version it has now; empty when an object is there already, which was left as it is
   * @throws ObjectStoreException.ConditionsUnsupported when the store cannot promise not to overwrite
   * @throws ObjectStoreException.Corrupt when what arrived is not what the content's checksum says; nothing is stored
   */
  Optional<Version> putIfAbsent(ObjectKey key, Content content) throws ObjectStoreException;

  /**
   * Replaces an object that is still of the expected version.
   *
   * @return the version it has now; empty when it is of another version or gone, which was left as it is
   * @throws ObjectStoreException.ConditionsUnsupported when the store cannot compare and swap
   * @throws ObjectStoreException.Corrupt when what arrived is not what the content's checksum says; nothing is stored
   */
  Optional<Version> replaceIfMatch(ObjectKey key, Version expected, Content content) throws ObjectStoreException;

  /**
   * Reads a whole object as a stream, whose reads may throw {@link ObjectStoreException} as well. All its bytes are of one version.
   *
   * @throws ObjectStoreException.NoSuchObject when the key is free
   */
  ObjectStream get(ObjectKey key) throws ObjectStoreException;

  /**
   * Reads {@code length} bytes of an object, all of which it must have.
   *
   * @throws ObjectStoreException.NoSuchObject when the key is free
   * @throws ObjectStoreException.InvalidRange when the object ends before the range does
   * @throws IllegalArgumentException when the offset is negative or the length not positive
   */
  ObjectStream getRange(ObjectKey key, long offset, int length) throws ObjectStoreException;

  /** What the store knows of an object; empty when the key is free. */
  Optional<ObjectHead> head(ObjectKey key) throws ObjectStoreException;

  /**
   * One page of the objects whose keys begin with {@code prefix}, in the order of the bytes of their keys. What is written or deleted
   * between two pages may be seen or not. Objects whose names are no {@link ObjectKey} are left out: they are not ours.
   *
   * @param prefix the beginning of a key, such as {@code packs/07}, or empty for all
   * @param after only keys greater than this text, which need not be a key: {@code snaps/a/~} leaps over all below {@code snaps/a/}
   * @param limit at most so many, 1 to {@value #LIST_LIMIT_MAX}
   */
  Listing list(String prefix, Optional<String> after, int limit) throws ObjectStoreException;

  /**
   * Removes an object. A store with object lock or versioning may keep it as an older version.
   *
   * @return whether it was there; a store that does not tell says yes
   */
  boolean delete(ObjectKey key) throws ObjectStoreException;

  /**
   * Tries out what this contract demands of the medium, with a few small objects below {@code probe/} that are gone afterwards. What
   * cannot be tried from here, such as what a power cut leaves, is listed as not probed.
   *
   * @throws ObjectStoreException when the store cannot be reached or used at all
   */
  default ProbeReport probe() throws ObjectStoreException {
    return new Probe(this).run();
  }

  /** Ends connections. Calls and streams still under way may fail. */
  @Override
  void close() throws ObjectStoreException;
}
