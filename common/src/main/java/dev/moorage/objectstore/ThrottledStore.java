package dev.moorage.objectstore;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Sends and receives the bytes of objects no faster than allowed, each way on its own. Requests without content are not limited. */
public final class ThrottledStore implements ObjectStore {

  private final ObjectStore store;
  private final Optional<Bandwidth> up;
  private final Optional<Bandwidth> down;

  /** Limits may be shared between stores; an empty one is none. */
  public ThrottledStore(ObjectStore store, Optional<Bandwidth> up, Optional<Bandwidth> down) {
    this.store = store;
    this.up = up;
    this.down = down;
  }

  /** Content that is read at the pace of the link. */
  private record Paced(Content content, Bandwidth bandwidth) implements Content {

    @Override
    public long length() {
      return content.length();
    }

    @Override
    public int crc32c() {
      return content.crc32c();
    }

    @Override
    public InputStream open() throws IOException {
      return new PacedStream(content.open(), bandwidth, "send an object");
    }
  }

  private Content paced(Content content) {
    return up.<Content>map(bandwidth -> new Paced(content, bandwidth)).orElse(content);
  }

  private ObjectStream paced(ObjectStream in) {
    return down
        .map(bandwidth -> new ObjectStream(new PacedStream(in, bandwidth, "receive an object"), in.version(), in.length()))
        .orElse(in);
  }

  @Override
  public Optional<Version> putIfAbsent(ObjectKey key, Content content) throws ObjectStoreException {
    return store.putIfAbsent(key, paced(content));
  }

  @Override
  public Optional<Version> replaceIfMatch(ObjectKey key, Version expected, Content content) throws ObjectStoreException {
    return store.replaceIfMatch(key, expected, paced(content));
  }

  @Override
  public ObjectStream get(ObjectKey key) throws ObjectStoreException {
    return paced(store.get(key));
  }

  @Override
  public ObjectStream getRange(ObjectKey key, long offset, int length) throws ObjectStoreException {
    return paced(store.getRange(key, offset, length));
  }

  @Override
  public Optional<ObjectHead> head(ObjectKey key) throws ObjectStoreException {
    return store.head(key);
  }

  @Override
  public Listing list(String prefix, Optional<String> after, int limit) throws ObjectStoreException {
    return store.list(prefix, after, limit);
  }

  @Override
  public boolean delete(ObjectKey key) throws ObjectStoreException {
    return store.delete(key);
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
