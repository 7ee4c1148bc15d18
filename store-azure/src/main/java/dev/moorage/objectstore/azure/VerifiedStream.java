package dev.moorage.objectstore.azure;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ObjectStoreException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.util.zip.CRC32C;

/**
 * Content on its way out that is compared with its checksum before its last byte is let go: the service knows another checksum than
 * ours, so what was changed before it was sent must not arrive whole.
 */
final class VerifiedStream extends FilterInputStream {

  private final String action;
  private final Content content;
  private final CRC32C crc = new CRC32C();
  private long left;

  VerifiedStream(String action, Content content) throws IOException {
    super(content.open());
    this.action = action;
    this.content = content;
    this.left = content.length();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int count = in.read(target, offset, length);
    if (count > 0) {
      crc.update(target, offset, count);
      left -= count;
    }
    boolean early = count < 0 && left > 0;
    if (early || (left <= 0 && (int) crc.getValue() != content.crc32c())) {
      throw new ObjectStoreException.Corrupt(action, "what was handed over does not fit its checksum", "", null);
    }
    return count;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
