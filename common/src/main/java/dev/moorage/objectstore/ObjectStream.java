package dev.moorage.objectstore;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of one object, or of one range of it, as they arrive. Ends exactly after {@link #length()} bytes; a connection that
 * ends earlier is an {@link ObjectStoreException}, never an end of the stream. For one thread; close it, also when not all was read.
 */
public final class ObjectStream extends FilterInputStream {

  private final Version version;
  private final long length;

  /** Passes on {@code in}, which must keep the promise about its end itself. */
  public ObjectStream(InputStream in, Version version, long length) {
    super(in);
    this.version = version;
    this.length = length;
  }

  /** The version that these bytes are of. */
  public Version version() {
    return version;
  }

  /** How many bytes there are from the beginning of the stream to its end. */
  public long length() {
    return length;
  }

  /** Marks are not kept. */
  @Override
  public boolean markSupported() {
    return false;
  }

  @Override
  public void mark(int readLimit) {
    // Not supported: the stream cannot go back.
  }

  @Override
  public void reset() throws IOException {
    throw new IOException("an object's stream cannot go back");
  }
}
