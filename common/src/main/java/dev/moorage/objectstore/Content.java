package dev.moorage.objectstore;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * What is to be stored: a known number of bytes with a known checksum, which can be read again and again, so that a request can be
 * repeated. Whoever hands one over leaves the bytes alone until the call has returned. Safe for use by several threads.
 */
public interface Content {

  /** The number of bytes. */
  long length();

  /** CRC-32C of all bytes. A store refuses content that does not fit it: such bytes were changed on their way. */
  int crc32c();

  /** A new stream from the first byte to the last one. */
  InputStream open() throws IOException;

  /** These bytes; the array is not copied. */
  static Content of(byte[] bytes) {
    return of(List.of(ByteBuffer.wrap(bytes)));
  }

  /** What remains in these buffers, one after the other; neither copied nor moved. */
  static Content of(List<ByteBuffer> buffers) {
    List<ByteBuffer> views = new ArrayList<>(buffers.size());
    CRC32C crc = new CRC32C();
    long length = 0;
    for (ByteBuffer buffer : buffers) {
      ByteBuffer view = buffer.asReadOnlyBuffer();
      views.add(view);
      length += view.remaining();
      crc.update(view.duplicate());
    }
    return new Bytes(List.copyOf(views), length, (int) crc.getValue());
  }

  /** A region of a file whose checksum is known already. */
  static Content of(Path file, long offset, long length, int crc32c) {
    return new FileRegion(file, offset, length, crc32c);
  }

  /** A region of a file, which is read once to find its checksum. */
  static Content of(Path file, long offset, long length) throws IOException {
    CRC32C crc = new CRC32C();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = new FileRegion(file, offset, length, 0).open()) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        crc.update(buffer, 0, count);
      }
    }
    return new FileRegion(file, offset, length, (int) crc.getValue());
  }

  /** Bytes in memory. Made by {@link Content#of(List)}. */
  record Bytes(List<ByteBuffer> buffers, long length, int crc32c) implements Content {

    @Override
    public InputStream open() {
      return new BufferStream(buffers);
    }
  }

  /** A region of a file that does not change. Made by {@link Content#of(Path, long, long, int)}. */
  record FileRegion(Path file, long offset, long length, int crc32c) implements Content {

    private static final RegionReads READS = new RegionReads();

    public FileRegion {
      if (offset < 0 || length < 0) {
        throw new IllegalArgumentException("a region of " + length + " bytes at " + offset);
      }
    }

    /** Opens the file; a read throws {@link EOFException} when it is shorter than the region. */
    @Override
    public InputStream open() throws IOException {
      return READS.open(file, offset, length);
    }
  }
}
