package dev.moorage.objectstore;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Sends and receives the bytes of objects no faster than allowed, each way on its own. Requests without content are not limited. */
public final class ThrottledStore extends ForwardingStore {

  private final Optional<Bandwidth> up;
  private final Optional<Bandwidth> down;

  /** Limits may be shared between stores; an empty one is none. */
  public ThrottledStore(ObjectStore store, Optional<Bandwidth> up, Optional<Bandwidth> down) {
    super(store);
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
    return to.putIfAbsent(key, paced(content));
  }

  @Override
  public Optional<Version> replaceIfMatch(ObjectKey key, Version expected, Content content) throws ObjectStoreException {
    return to.replaceIfMatch(key, expected, paced(content));
  }

  @Override
  public ObjectStream get(ObjectKey key) throws ObjectStoreException {
    return paced(to.get(key));
  }

  @Override
  public ObjectStream getRange(ObjectKey key, long offset, int length) throws ObjectStoreException {
    return paced(to.getRange(key, offset, length));
  }
}
