package dev.moorage.objectstore.s3;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The body of a request. Content that is shorter than it says ends the request, which the client would otherwise pad or hang on. */
final class BodyStream extends FilterInputStream {

  private long left;

  BodyStream(InputStream in, long length) {
    super(in);
    this.left = length;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int count = in.read(target, offset, length);
    if (count < 0 && left > 0) {
      throw new EOFException("what is to be sent ends " + left + " bytes too early");
    }
    left -= Math.max(count, 0);
    return count;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
