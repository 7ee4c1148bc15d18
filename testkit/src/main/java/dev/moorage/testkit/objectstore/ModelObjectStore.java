package dev.moorage.testkit.objectstore;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ExactStream;
import dev.moorage.objectstore.Listing;
import dev.moorage.objectstore.ObjectHead;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.objectstore.Version;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** The reference model: what the contract of {@link ObjectStore} says, in memory, one call after the other. */
public final class ModelObjectStore implements ObjectStore {

  // Compared by nobody: the array is what is kept.
  @SuppressWarnings("ArrayRecordComponent")
  private record Stored(byte[] bytes, Version version, Instant modified) {}

  private final TreeMap<String, Stored> objects = new TreeMap<>();
  private final Clock clock;
  private long versions;

  public ModelObjectStore() {
    this(Clock.systemUTC());
  }

  /** Times of modification are those of the clock. */
  public ModelObjectStore(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Optional<Version> putIfAbsent(ObjectKey key, Content content) throws ObjectStoreException {
    byte[] bytes = bytes("create object " + key, content);
    synchronized (this) {
      return objects.containsKey(key.value()) ? Optional.empty() : Optional.of(store(key, bytes));
    }
  }

  @Override
  public Optional<Version> replaceIfMatch(ObjectKey key, Version expected, Content content) throws ObjectStoreException {
    byte[] bytes = bytes("replace object " + key, content);
    synchronized (this) {
      Stored stored = objects.get(key.value());
      return stored == null || !stored.version().equals(expected) ? Optional.empty() : Optional.of(store(key, bytes));
    }
  }

  private Version store(ObjectKey key, byte[] bytes) {
    Version version = new Version("v" + ++versions);
    objects.put(key.value(), new Stored(bytes, version, clock.instant()));
    return version;
  }

  private static byte[] bytes(String action, Content content) throws ObjectStoreException {
    byte[] bytes;
    try (InputStream in = content.open()) {
      bytes = in.readAllBytes();
    } catch (IOException e) {
      throw new ObjectStoreException.Corrupt(action, e.toString(), "", e);
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    if (bytes.length != content.length() || (int) crc.getValue() != content.crc32c()) {
      throw new ObjectStoreException.Corrupt(action, "what was handed over does not fit its checksum", "", null);
    }
    return bytes;
  }

  @Override
  public ObjectStream get(ObjectKey key) throws ObjectStoreException {
    Stored stored = stored("read object " + key, key);
    return stream(stored, stored.bytes());
  }

  @Override
  public ObjectStream getRange(ObjectKey key, long offset, int length) throws ObjectStoreException {
    if (offset < 0 || length <= 0) {
      throw new IllegalArgumentException("a range of " + length + " bytes at " + offset);
    }
    String action = "read " + length + " bytes at " + offset + " of object " + key;
    Stored stored = stored(action, key);
    if (offset > stored.bytes().length - (long) length) {
      throw new ObjectStoreException.InvalidRange(action, "it has " + stored.bytes().length + " bytes", "", null);
    }
    return stream(stored, Arrays.copyOfRange(stored.bytes(), (int) offset, (int) offset + length));
  }

  private static ObjectStream stream(Stored stored, byte[] bytes) {
    ExactStream exact = new ExactStream(new ByteArrayInputStream(bytes), bytes.length,
        cause -> new ObjectStoreException.Unavailable("read an object", cause.toString(), "", cause));
    return new ObjectStream(exact, stored.version(), bytes.length);
  }

  private synchronized Stored stored(String action, ObjectKey key) throws ObjectStoreException {
    Stored stored = objects.get(key.value());
    if (stored == null) {
      throw new ObjectStoreException.NoSuchObject(action, "there is no such object", "", null);
    }
    return stored;
  }

  @Override
  public synchronized Optional<ObjectHead> head(ObjectKey key) {
    return Optional.ofNullable(objects.get(key.value()))
        .map(stored -> new ObjectHead(stored.bytes().length, stored.version(), stored.modified()));
  }

  @Override
  public synchronized Listing list(String prefix, Optional<String> after, int limit) {
    if (limit < 1 || limit > LIST_LIMIT_MAX) {
      throw new IllegalArgumentException("a page of " + limit);
    }
    List<Listing.Entry> found = new ArrayList<>();
    for (Map.Entry<String, Stored> each : objects.tailMap(after.orElse(""), false).entrySet()) {
      if (each.getKey().startsWith(prefix)) {
        if (found.size() == limit) {
          return new Listing(found, Optional.of(found.getLast().key().value()));
        }
        found.add(new Listing.Entry(new ObjectKey(each.getKey()), each.getValue().bytes().length, each.getValue().modified()));
      }
    }
    return new Listing(found, Optional.empty());
  }

  @Override
  public synchronized boolean delete(ObjectKey key) {
    return objects.remove(key.value()) != null;
  }

  @Override
  public void close() {
    // Nothing is held; the objects stay for those who share them.
  }

  @Override
  public String toString() {
    return "memory://";
  }
}
