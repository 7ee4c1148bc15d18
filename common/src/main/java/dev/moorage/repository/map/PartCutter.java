package dev.moorage.repository.map;

import java.io.IOException;
import java.io.OutputStream;

/** Cuts a stream into parts of one length; only the last may be shorter. One thread at a time. */
final class PartCutter extends OutputStream {

  private final byte[] part;
  private final RootCodec.Sink sink;
  private int filled;

  PartCutter(int partBytes, RootCodec.Sink sink) {
    this.part = new byte[partBytes];
    this.sink = sink;
  }

  @Override
  public void write(int next) throws IOException {
    part[filled++] = (byte) next;
    handOverWhenFull();
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      int now = Math.min(length - done, part.length - filled);
      System.arraycopy(bytes, offset + done, part, filled, now);
      filled += now;
      done += now;
      handOverWhenFull();
    }
  }

  @Override
  public void close() throws IOException {
    if (filled > 0) {
      sink.part(part, filled);
      filled = 0;
    }
  }

  private void handOverWhenFull() throws IOException {
    if (filled == part.length) {
      sink.part(part, filled);
      filled = 0;
    }
  }
}
