package dev.moorage.repository.pack;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** The bytes of one pack, wherever they are: in memory, in a spool file, in an object store. */
public interface PackSource {

  /** How many there are. */
  long length() throws IOException;

  /** Fills {@code into} with the bytes from {@code offset} on; the caller stays within {@link #length}. */
  void read(long offset, byte[] into) throws IOException;

  /** Bytes in memory. */
  static PackSource of(byte[] bytes) {
    return new PackSource() {
      @Override
      public long length() {
        return bytes.length;
      }

      @Override
      public void read(long offset, byte[] into) {
        System.arraycopy(bytes, Math.toIntExact(offset), into, 0, into.length);
      }
    };
  }

  /** A file, which the caller closes. */
  static PackSource of(FileChannel file) {
    return new PackSource() {
      @Override
      public long length() throws IOException {
        return file.size();
      }

      @Override
      public void read(long offset, byte[] into) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(into);
        while (buffer.hasRemaining()) {
          if (file.read(buffer, offset + buffer.position()) < 0) {
            throw new EOFException("the pack's file ended at " + (offset + buffer.position()) + " bytes");
          }
        }
      }
    };
  }
}
