package dev.moorage.repository.map;

import dev.moorage.repository.pack.BlobRef;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;

/** Joins parts to a stream; each is asked for when the one before it is read. One thread at a time. */
final class PartStream extends InputStream {

  private final Iterator<BlobRef> rest;
  private final RootCodec.Source source;
  private byte[] part = new byte[0];
  private int at;

  PartStream(List<BlobRef> parts, RootCodec.Source source) {
    this.rest = parts.iterator();
    this.source = source;
  }

  @Override
  public int read() throws IOException {
    return advance() ? Byte.toUnsignedInt(part[at++]) : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!advance()) {
      return -1;
    }
    int now = Math.min(length, part.length - at);
    System.arraycopy(part, at, into, offset, now);
    at += now;
    return now;
  }

  /** Whether there is one more byte. */
  private boolean advance() throws IOException {
    while (at == part.length) {
      if (!rest.hasNext()) {
        return false;
      }
      part = source.text(rest.next());
      at = 0;
    }
    return true;
  }
}
