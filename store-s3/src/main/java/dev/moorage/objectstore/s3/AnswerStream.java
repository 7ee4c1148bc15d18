package dev.moorage.objectstore.s3;

import java.io.FilterInputStream;
import java.io.IOException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkClientException;

/** The body of an answer. Closed before its end it gives the connection up instead of reading the rest. */
final class AnswerStream extends FilterInputStream {

  private final ResponseInputStream<?> answer;
  private long left;

  AnswerStream(ResponseInputStream<?> answer, long length) {
    super(answer);
    this.answer = answer;
    this.left = length;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    try {
      int count = in.read(target, offset, length);
      left -= Math.max(count, 0);
      return count;
    } catch (SdkClientException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    if (left > 0) {
      answer.abort();
    }
    in.close();
  }
}
