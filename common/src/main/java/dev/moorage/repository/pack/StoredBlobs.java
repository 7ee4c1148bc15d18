package dev.moorage.repository.pack;

import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.key.KeyRing;
import java.io.EOFException;
import java.io.IOException;

/** Reads single blobs and footers of packs out of an object store. One thread at a time: each thread has its own. */
public final class StoredBlobs implements AutoCloseable {

  private final ObjectStore store;
  private final BlobOpener opener;
  private byte[] sealed = new byte[0];

  public StoredBlobs(ObjectStore store, KeyRing ring) {
    this.store = store;
    this.opener = new BlobOpener(ring);
  }

  /**
   * The text of a blob, by one request.
   *
   * @throws UnreadableException when what is stored there is not that blob
   */
  public byte[] read(BlobRef ref) throws IOException {
    byte[] text = new byte[ref.plainLength()];
    if (sealed.length < ref.sealedLength()) {
      sealed = new byte[ref.sealedLength()];
    }
    try (ObjectStream stream = store.getRange(new ObjectKey(ref.pack().key()), ref.offset(), ref.sealedLength())) {
      if (stream.readNBytes(sealed, 0, ref.sealedLength()) < ref.sealedLength()) {
        throw new EOFException(ref + " ended early");
      }
    }
    opener.open(ref, sealed, 0, text, 0);
    return text;
  }

  @Override
  public void close() {
    opener.close();
  }
}
