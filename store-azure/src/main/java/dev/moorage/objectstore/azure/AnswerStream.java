package dev.moorage.objectstore.azure;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The body of an answer, whose failures the client throws unchecked. */
final class AnswerStream extends FilterInputStream {

  AnswerStream(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    try {
      return in.read(target, offset, length);
    } catch (RuntimeException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
