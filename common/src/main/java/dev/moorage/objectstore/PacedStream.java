package dev.moorage.objectstore;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that is read no faster than a {@link Bandwidth} allows. */
final class PacedStream extends FilterInputStream {

  /** Small enough that a slow link is used evenly. */
  private static final int STEP_BYTES = 1 << 15;

  private final Bandwidth bandwidth;
  private final String action;

  PacedStream(InputStream in, Bandwidth bandwidth, String action) {
    super(in);
    this.bandwidth = bandwidth;
    this.action = action;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int count = in.read(target, offset, Math.min(length, STEP_BYTES));
    if (count > 0) {
      take(count);
    }
    return count;
  }

  private void take(int count) throws ObjectStoreException {
    try {
      bandwidth.take(count);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ObjectStoreException.Interrupted(action, e);
    }
  }

  @Override
  public long skip(long count) throws IOException {
    long skipped = in.skip(Math.min(count, STEP_BYTES));
    take((int) skipped);
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
