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
import java.nio.ByteBuffer;

/**
 * Does one read after the other: decodes its blobs as they arrive, into the run of blocks that is to be written next. One thread at a time:
 * each has its own.
 */
final class RangeReader implements AutoCloseable {

  private final ObjectStore store;
  private final BlobOpener opener;
  private final boolean checksIds;
  private final int blockBytes;
  private final RunWriter writer;
  private byte[] sealed = new byte[0];

  /** {@code checksIds}: also compare what comes out with the id that the map has. */
  RangeReader(ObjectStore store, KeyRing ring, int blockBytes, boolean checksIds, RunWriter writer) {
    this.store = store;
    this.opener = new BlobOpener(ring);
    this.checksIds = checksIds;
    this.blockBytes = blockBytes;
    this.writer = writer;
  }

  /** Fetches the read's blocks and writes them; a blob that is several blocks is fetched once. */
  void read(Window.Read read) throws IOException {
    writer.begin();
    try (ObjectStream stream = store.getRange(new ObjectKey(read.pack().key()), read.offset(), read.length())) {
      int position = read.offset();
      int fetched = -1;
      for (int place = read.from(); place < read.to(); place++) {
        Window.Piece piece = read.window().piece(place);
        BlobRef ref = piece.ref();
        if (ref.offset() != fetched) {
          stream.skipNBytes(ref.offset() - position);
          fetch(ref, stream);
          position = ref.end();
          fetched = ref.offset();
        }
        decode(piece, writer.room(piece.block() * blockBytes, ref.plainLength()));
      }
    }
    writer.flush();
  }

  private void fetch(BlobRef ref, ObjectStream stream) throws IOException {
    if (sealed.length < ref.sealedLength()) {
      sealed = new byte[ref.sealedLength()];
    }
    if (stream.readNBytes(sealed, 0, ref.sealedLength()) < ref.sealedLength()) {
      throw new EOFException(ref + " ended early");
    }
  }

  private void decode(Window.Piece piece, ByteBuffer text) throws IOException {
    BlobRef ref = piece.ref();
    int begin = text.position();
    opener.open(ref, sealed, 0, text);
    if (checksIds && !opener.id(text.slice(begin, ref.plainLength())).equals(piece.id())) {
      throw new UnreadableException.Damaged(ref.toString(), "is not block " + piece.block() + " of its volume: it has another id");
    }
  }

  @Override
  public void close() {
    opener.close();
  }
}
