package dev.moorage.objectstore;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Keeps the promise of {@link ObjectStream} around a stream that comes from a medium: exactly so many bytes, and every failure an
 * {@link ObjectStoreException}. Closing does not drain what is left.
 */
public final class ExactStream extends FilterInputStream {

  /** Turns what went wrong into the kind that fits; an {@link EOFException} is an end that came too early. */
  @FunctionalInterface
  public interface Failure {
    ObjectStoreException translate(IOException cause);
  }

  private final Failure failure;
  private long left;

  /** Passes on the first {@code length} bytes of {@code in}. */
  public ExactStream(InputStream in, long length, Failure failure) {
    super(in);
    this.left = length;
    this.failure = failure;
  }

  @Override
  public int read() throws ObjectStoreException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws ObjectStoreException {
    if (length == 0 || left == 0) {
      return length == 0 ? 0 : -1;
    }
    int count;
    try {
      count = super.in.read(target, offset, (int) Math.min(length, left));
    } catch (IOException e) {
      throw failure.translate(e);
    }
    if (count < 0) {
      throw failure.translate(new EOFException("it ended " + left + " bytes too early"));
    }
    left -= count;
    return count;
  }

  @Override
  public long skip(long count) throws ObjectStoreException {
    byte[] buffer = new byte[1 << 13];
    long skipped = 0;
    while (skipped < count) {
      int read = read(buffer, 0, (int) Math.min(buffer.length, count - skipped));
      if (read < 0) {
        break;
      }
      skipped += read;
    }
    return skipped;
  }

  @Override
  public int available() throws ObjectStoreException {
    try {
      return (int) Math.min(left, in.available());
    } catch (IOException e) {
      throw failure.translate(e);
    }
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  @Override
  public void close() throws ObjectStoreException {
    try {
      in.close();
    } catch (IOException e) {
      throw failure.translate(e);
    }
  }
}
