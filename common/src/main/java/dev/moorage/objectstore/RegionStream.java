package dev.moorage.objectstore;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Reads a region of an open file, exactly; a file that ends before it does is an {@link EOFException}. Closes the file. */
public final class RegionStream extends InputStream {

  private final FileChannel channel;
  private final String name;
  private final long end;
  private long position;

  /** {@code name} is what the message about a short file calls it. */
  public RegionStream(FileChannel channel, String name, long offset, long length) {
    this.channel = channel;
    this.name = name;
    this.position = offset;
    this.end = offset + length;
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
    int count = channel.read(ByteBuffer.wrap(target, offset, (int) Math.min(length, end - position)), position);
    if (count < 0) {
      throw new EOFException(name + " ends at " + position + ", " + (end - position) + " bytes too early");
    }
    position += count;
    return count;
  }

  @Override
  public int available() {
    return (int) Math.min(Integer.MAX_VALUE, end - position);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
