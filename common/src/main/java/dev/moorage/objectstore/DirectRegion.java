package dev.moorage.objectstore;

import dev.moorage.linux.DirectFile;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Reads a region of an open file past the page cache, exactly; a file that ends before it does is an {@link EOFException}. Closes the file.
 * For one reader; another thread may close it meanwhile, which waits for the read under way, since its memory goes to the next stream.
 */
final class DirectRegion extends InputStream {

  private final DirectFile file;
  private final String name;
  private final RegionReads owner;
  private final ByteBuffer chunk;
  private final long end;
  /** Of the byte behind those that are in the chunk. */
  private long position;
  private boolean closed;

  /** {@code name} is what the message about a short file calls it. */
  DirectRegion(DirectFile file, String name, long offset, long length, RegionReads owner) {
    this.file = file;
    this.name = name;
    this.owner = owner;
    this.chunk = owner.take().limit(0);
    this.position = offset;
    this.end = offset + length;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public synchronized int read(byte[] target, int offset, int length) throws IOException {
    if (closed) {
      throw new IOException(name + " is closed already");
    }
    if (length == 0 || available() == 0) {
      return length == 0 ? 0 : -1;
    }
    if (!chunk.hasRemaining()) {
      fill();
    }
    int count = Math.min(length, chunk.remaining());
    chunk.get(target, offset, count);
    return count;
  }

  /** The next piece, in whole grains: what is before or behind the region in them is left out. */
  private void fill() throws IOException {
    int before = (int) (position % file.grain());
    long begin = position - before;
    int wanted = (int) Math.min(chunk.capacity(), end - begin);
    chunk.clear().limit(DirectFile.wholeGrains(wanted, file.grain()));
    while (chunk.position() < wanted) {
      int from = chunk.position();
      file.channel().read(chunk, begin + from);
      int whole = chunk.position() / file.grain() * file.grain();
      if (chunk.position() < wanted && whole == from) {
        long at = begin + chunk.position();
        throw new EOFException(name + " ends at " + at + ", " + (end - at) + " bytes too early");
      }
      if (chunk.position() < wanted) {
        // Less than was asked for is the end of the file, or an interrupted call: one may go on from a whole grain only.
        chunk.position(whole);
      }
    }
    chunk.position(before).limit(wanted);
    position = begin + wanted;
  }

  @Override
  public synchronized int available() {
    return (int) Math.min(Integer.MAX_VALUE, end - position + chunk.remaining());
  }

  @Override
  public synchronized void close() throws IOException {
    if (!closed) {
      closed = true;
      owner.give(chunk);
      file.channel().close();
    }
  }
}
