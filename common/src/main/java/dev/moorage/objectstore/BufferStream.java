package dev.moorage.objectstore;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Reads buffers one after the other and leaves their positions alone. */
final class BufferStream extends InputStream {

  private final Deque<ByteBuffer> left = new ArrayDeque<>();

  BufferStream(List<ByteBuffer> buffers) {
    buffers.stream().filter(ByteBuffer::hasRemaining).map(ByteBuffer::duplicate).forEach(left::add);
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    ByteBuffer first = left.peekFirst();
    if (length == 0 || first == null) {
      return length == 0 ? 0 : -1;
    }
    int count = Math.min(length, first.remaining());
    first.get(target, offset, count);
    if (!first.hasRemaining()) {
      left.removeFirst();
    }
    return count;
  }

  @Override
  public int available() {
    ByteBuffer first = left.peekFirst();
    return first == null ? 0 : first.remaining();
  }
}
