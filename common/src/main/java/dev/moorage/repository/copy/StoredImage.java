package dev.moorage.repository.copy;

import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.backup.ImageSource;
import dev.moorage.repository.key.KeyRing;
import dev.moorage.repository.map.Leaf;
import dev.moorage.repository.map.Root;
import dev.moorage.repository.pack.BlobId;
import dev.moorage.repository.pack.BlobOpener;
import dev.moorage.repository.pack.BlobRef;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * A snapshot in a repository, read as if it were an image: any part of it, by several threads at once. Every block is authenticated
 * and compared with the id that the map has. Blocks that stand close together in a pack are read by one request. Holds a few leaves,
 * and a few blocks for each thread that reads.
 */
public final class StoredImage implements ImageSource {

  /** Reading over a gap is cheaper than another request. */
  private static final int GAP_BYTES_MAX = 128 << 10;

  private static final Comparator<Piece> BY_PLACE = Comparator.<Piece>comparingLong(piece -> piece.ref().pack().pack().high())
      .thenComparingLong(piece -> piece.ref().pack().pack().low())
      .thenComparingInt(piece -> piece.ref().offset());

  private final ObjectStore store;
  private final KeyRing ring;
  private final Root root;
  private final StoredLeaves leaves;
  private final String name;
  private final LongConsumer progress;
  private final AtomicLong bytesRead = new AtomicLong();
  private final Deque<Opener> idle = new ArrayDeque<>();

  /** {@code name} is for messages; {@code progress} is told how many bytes were read so far. */
  public StoredImage(ObjectStore store, KeyRing ring, Root root, String name, LongConsumer progress) {
    this.progress = progress;
    this.store = store;
    this.ring = ring;
    this.root = root;
    this.leaves = new StoredLeaves(store, ring, root);
    this.name = name;
  }

  /** A block that is stored: where, and which one it is. */
  private record Piece(long block, BlobRef ref, BlobId id) {}

  /** What one thread reads with. */
  private final class Opener {
    final BlobOpener blobs = new BlobOpener(ring);
    final byte[] text = new byte[root.blockBytes()];
    byte[] sealed = new byte[0];
  }

  @Override
  public long size() {
    return root.volumeBytes();
  }

  @Override
  public Reader reader(int lengthMax) {
    return this::read;
  }

  private void read(long offset, byte[] into, int length) throws IOException {
    if (offset < 0 || offset + length > root.volumeBytes()) {
      throw new EOFException("read " + name + ": it has " + root.volumeBytes() + " bytes");
    }
    Arrays.fill(into, 0, length, (byte) 0);
    List<Piece> pieces = pieces(offset / root.blockBytes(), (offset + length - 1) / root.blockBytes());
    pieces.sort(BY_PLACE);
    Opener opener = take();
    try {
      for (int from = 0; from < pieces.size();) {
        int to = from + 1;
        while (to < pieces.size() && isNear(pieces.get(to - 1).ref(), pieces.get(to).ref())) {
          to++;
        }
        fetch(opener, pieces.subList(from, to), offset, into, length);
        from = to;
      }
    } finally {
      give(opener);
    }
    progress.accept(bytesRead.addAndGet(length));
  }

  private List<Piece> pieces(long first, long last) throws IOException {
    List<Piece> pieces = new ArrayList<>();
    for (long block = first; block <= last; block++) {
      Leaf leaf = leaves.of(Leaf.indexOf(block));
      int slot = Leaf.slotOf(block);
      if (leaf != null && leaf.isPresent(slot)) {
        pieces.add(new Piece(block, leaf.ref(slot, root.blockLength(block)), leaf.id(slot)));
      }
    }
    return pieces;
  }

  private static boolean isNear(BlobRef one, BlobRef next) {
    return one.pack().equals(next.pack()) && next.offset() - one.end() <= GAP_BYTES_MAX;
  }

  /** Pieces of one pack, ascending; several may be the same blob. */
  private void fetch(Opener opener, List<Piece> pieces, long offset, byte[] into, int length) throws IOException {
    BlobRef first = pieces.getFirst().ref();
    int end = pieces.getLast().ref().end();
    try (ObjectStream stream = store.getRange(new ObjectKey(first.pack().key()), first.offset(), end - first.offset())) {
      int position = first.offset();
      int decoded = -1;
      for (Piece piece : pieces) {
        BlobRef ref = piece.ref();
        if (ref.offset() != decoded) {
          stream.skipNBytes(ref.offset() - position);
          decode(opener, piece, stream);
          position = ref.end();
          decoded = ref.offset();
        }
        put(piece, opener.text, offset, into, length);
      }
    }
  }

  private static void decode(Opener opener, Piece piece, ObjectStream stream) throws IOException {
    BlobRef ref = piece.ref();
    if (opener.sealed.length < ref.sealedLength()) {
      opener.sealed = new byte[ref.sealedLength()];
    }
    if (stream.readNBytes(opener.sealed, 0, ref.sealedLength()) < ref.sealedLength()) {
      throw new EOFException(ref + " ended early");
    }
    opener.blobs.open(ref, opener.sealed, 0, opener.text, 0);
    if (!opener.blobs.id(opener.text, 0, ref.plainLength()).equals(piece.id())) {
      throw new UnreadableException.Damaged(ref.toString(), "is not block " + piece.block() + " of its volume: it has another id");
    }
  }

  /** Puts the part of the block that was asked for into its place. */
  private void put(Piece piece, byte[] text, long offset, byte[] into, int length) {
    long begin = piece.block() * root.blockBytes();
    long from = Math.max(begin, offset);
    long to = Math.min(begin + piece.ref().plainLength(), offset + length);
    System.arraycopy(text, (int) (from - begin), into, (int) (from - offset), (int) (to - from));
  }

  private synchronized Opener take() {
    return idle.isEmpty() ? new Opener() : idle.pop();
  }

  private synchronized void give(Opener opener) {
    idle.push(opener);
  }

  @Override
  public String toString() {
    return name;
  }

  @Override
  public synchronized void close() {
    idle.forEach(opener -> opener.blobs.close());
    leaves.close();
  }
}
