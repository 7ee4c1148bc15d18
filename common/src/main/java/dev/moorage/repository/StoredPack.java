package dev.moorage.repository;

import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.repository.pack.PackName;
import dev.moorage.repository.pack.PackSource;
import java.io.EOFException;
import java.io.IOException;

/** A pack in its object store. */
final class StoredPack implements PackSource {

  private final ObjectStore store;
  private final ObjectKey key;
  private long length = -1;

  StoredPack(ObjectStore store, PackName name) {
    this.store = store;
    this.key = new ObjectKey(name.key());
  }

  @Override
  public long length() throws IOException {
    if (length < 0) {
      length = store.head(key).orElseThrow(() -> new ObjectStoreException.NoSuchObject("read " + key, "it is not there", "", null)).size();
    }
    return length;
  }

  @Override
  public void read(long offset, byte[] into) throws IOException {
    if (into.length == 0) {
      return;
    }
    try (ObjectStream stream = store.getRange(key, offset, into.length)) {
      if (stream.readNBytes(into, 0, into.length) < into.length) {
        throw new EOFException(key + " ended early");
      }
    }
  }
}
