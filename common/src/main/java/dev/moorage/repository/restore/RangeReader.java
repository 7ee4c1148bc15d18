package dev.moorage.repository.restore;

import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.key.KeyRing;
import dev.moorage.repository.pack.BlobOpener;
import dev.moorage.repository.pack.BlobRef;
import java.io.EOFException;
import java.io.IOException;

/**
 * Does one read after the other: decodes its blobs as they arrive and hands out each block. Holds one blob at a time. One thread at a
 * time: each has its own.
 */
final class RangeReader implements AutoCloseable {

  private final ObjectStore store;
  private final BlobOpener opener;
  private final boolean checksIds;
  private final byte[] text;
  private byte[] sealed = new byte[0];

  /** {@code checksIds}: also compare what comes out with the id that the map has. */
  RangeReader(ObjectStore store, KeyRing ring, int blockBytes, boolean checksIds) {
    this.store = store;
    this.opener = new BlobOpener(ring);
    this.checksIds = checksIds;
    this.text = new byte[blockBytes];
  }

  /** Takes the blocks. */
  interface Sink {
    void block(long block, byte[] text, int length) throws IOException;
  }

  /** Fetches the read's blocks; a blob that is several blocks is decoded once. */
  void read(Window.Read read, Sink sink) throws IOException {
    try (ObjectStream stream = store.getRange(new ObjectKey(read.pack().key()), read.offset(), read.length())) {
      int position = read.offset();
      int decoded = -1;
      for (int place = read.from(); place < read.to(); place++) {
        Window.Piece piece = read.window().piece(place);
        BlobRef ref = piece.ref();
        if (ref.offset() != decoded) {
          stream.skipNBytes(ref.offset() - position);
          decode(ref, piece, stream);
          position = ref.end();
          decoded = ref.offset();
        }
        sink.block(piece.block(), text, ref.plainLength());
      }
    }
  }

  private void decode(BlobRef ref, Window.Piece piece, ObjectStream stream) throws IOException {
    if (sealed.length < ref.sealedLength()) {
      sealed = new byte[ref.sealedLength()];
    }
    if (stream.readNBytes(sealed, 0, ref.sealedLength()) < ref.sealedLength()) {
      throw new EOFException(ref + " ended early");
    }
    opener.open(ref, sealed, 0, text, 0);
    if (checksIds && !opener.id(text, 0, ref.plainLength()).equals(piece.id())) {
      throw new UnreadableException.Damaged(ref.toString(), "is not block " + piece.block() + " of its volume: it has another id");
    }
  }

  @Override
  public void close() {
    opener.close();
  }
}
