package dev.moorage.objectstore;

import java.io.IOException;
import java.io.InputStream;

/** An object's bytes, asked for anew from where they broke off. For one thread. */
final class ResumingStream extends InputStream {

  private final ObjectStore store;
  private final ObjectKey key;
  private final long end;
  private final Version version;
  private final Attempts attempts;
  private ObjectStream in;
  private boolean broken;
  private boolean replaced;
  private long position;

  ResumingStream(ObjectStore store, ObjectKey key, long offset, ObjectStream first, Attempts attempts) {
    this.store = store;
    this.key = key;
    this.position = offset;
    this.end = offset + first.length();
    this.version = first.version();
    this.in = first;
    this.attempts = attempts;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0 || position == end) {
      return length == 0 ? 0 : -1;
    }
    while (true) {
      try {
        int count = current().read(target, offset, (int) Math.min(length, end - position));
        if (count > 0) {
          position += count;
          attempts.restart();
          return count;
        }
        // The part that was asked for is at its end and the object is not: it is larger than one range can be.
        replaceWith(open());
      } catch (ObjectStoreException e) {
        broken = true;
        if (replaced) {
          throw e;
        }
        attempts.failed(e);
      }
    }
  }

  private ObjectStream current() throws ObjectStoreException {
    if (broken) {
      replaceWith(open());
      broken = false;
    }
    return in;
  }

  private ObjectStream open() throws ObjectStoreException {
    ObjectStream next = store.getRange(key, position, (int) Math.min(Integer.MAX_VALUE, end - position));
    if (!next.version().equals(version)) {
      closeQuietly(next);
      replaced = true;
      throw new ObjectStoreException.Unavailable("read object " + key + " of " + store, "it was replaced while it was read",
          "Read it again from its beginning", null);
    }
    return next;
  }

  private void replaceWith(ObjectStream next) {
    closeQuietly(in);
    in = next;
  }

  /** What a broken stream has to say when it is closed was said before. */
  private static void closeQuietly(ObjectStream stream) {
    try {
      stream.close();
    } catch (IOException e) {
      System.getLogger("dev.moorage.objectstore").log(System.Logger.Level.DEBUG, "a broken stream was closed", e);
    }
  }

  @Override
  public int available() throws IOException {
    return broken ? 0 : in.available();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
