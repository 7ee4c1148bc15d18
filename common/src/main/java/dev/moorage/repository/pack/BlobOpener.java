package dev.moorage.repository.pack;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.key.KeyRing;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.AEADBadTagException;
import org.jspecify.annotations.Nullable;

/**
 * Turns sealed blobs into their texts: decrypt, authenticate, decompress. Nothing but the blob's own bytes is needed. What it gives
 * out is what was written there, or an exception. One thread at a time: each thread has its own, which allocates nothing to speak of
 * per blob.
 */
public final class BlobOpener implements AutoCloseable {

  /** Seals of packs that were read last: each costs a key derivation. */
  private static final int SEALS_MAX = 64;

  private final KeyRing ring;
  private final BlobHasher hasher;
  private final BlobCipher cipher = new BlobCipher();
  private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
  private final Map<PackName, PackSeal> seals = new LinkedHashMap<>(16, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<PackName, PackSeal> eldest) {
      return size() > SEALS_MAX;
    }
  };
  private byte[] compressed = new byte[0];

  /** An opener for everything whose epoch the ring has. */
  public BlobOpener(KeyRing ring) {
    this.ring = ring;
    this.hasher = new BlobHasher(ring);
  }

  /** The id of a text: who wants to see that a blob has the id that a map says compares it. */
  public BlobId id(byte[] text, int offset, int length) {
    return hasher.id(text, offset, length);
  }

  /** The id of what remains of the buffer. */
  public BlobId id(ByteBuffer text) {
    return hasher.id(text);
  }

  /**
   * Opens one blob.
   *
   * @param sealed holds the blob's {@link BlobRef#sealedLength} bytes from {@code offset} on
   * @param text gets {@link BlobRef#plainLength} bytes from {@code textOffset} on; after an exception they are worth nothing
   * @throws UnreadableException when these are not the unchanged bytes of that blob
   */
  public void open(BlobRef ref, byte[] sealed, int offset, byte[] text, int textOffset) throws UnreadableException {
    if (text.length - textOffset < ref.plainLength()) {
      throw new IllegalArgumentException("the buffer is too small for a text of " + ref.plainLength() + " bytes");
    }
    open(ref.pack(), ref, header(ref, sealed, offset), sealed, offset, text, textOffset);
  }

  /**
   * Opens one blob into memory outside of the heap, which spares the copy that every write of a heap array makes.
   *
   * @param text a direct buffer that gets {@link BlobRef#plainLength} bytes at its position, which is at their end then; after an exception
   *     it is where it was, and they are worth nothing
   * @throws UnreadableException when these are not the unchanged bytes of that blob
   */
  public void open(BlobRef ref, byte[] sealed, int offset, ByteBuffer text) throws UnreadableException {
    if (text.remaining() < ref.plainLength()) {
      throw new IllegalArgumentException("the buffer is too small for a text of " + ref.plainLength() + " bytes");
    }
    BlobHeader header = header(ref, sealed, offset);
    int stored = stored(ref, header);
    decrypt(ref.pack(), ref, header, sealed, offset, compressed, 0);
    if (header.form() == PackFormat.FORM_RAW) {
      text.put(compressed, 0, stored);
      return;
    }
    demandZstd(ref, header);
    try {
      int length = zstd.decompressByteArrayToDirectByteBuffer(text, text.position(), header.plainLength(), compressed, 0, stored);
      demandLength(ref, header, length);
      text.position(text.position() + length);
    } catch (ZstdException e) {
      throw damaged(ref, e);
    }
  }

  private static BlobHeader header(BlobRef ref, byte[] sealed, int offset) throws UnreadableException {
    if (sealed.length - offset < ref.sealedLength()) {
      throw new UnreadableException.Truncated(ref.toString(), sealed.length - offset, ref.sealedLength());
    }
    BlobHeader header = BlobHeader.read(sealed, offset);
    header.checkIs(ref);
    return header;
  }

  /** Opens the blob with this header, whose lengths the caller has found to be possible; {@code blob} is what messages call it. */
  void open(PackName pack, Object blob, BlobHeader header, byte[] sealed, int offset, byte[] text, int textOffset)
      throws UnreadableException {
    int stored = stored(blob, header);
    if (header.form() == PackFormat.FORM_RAW) {
      decrypt(pack, blob, header, sealed, offset, text, textOffset);
      return;
    }
    decrypt(pack, blob, header, sealed, offset, compressed, 0);
    demandZstd(blob, header);
    try {
      demandLength(blob, header, zstd.decompressByteArray(text, textOffset, header.plainLength(), compressed, 0, stored));
    } catch (ZstdException e) {
      throw damaged(blob, e);
    }
  }

  /** How many bytes come out of the decryption; {@link #compressed} has room for them. */
  private int stored(Object blob, BlobHeader header) throws UnreadableException {
    int stored = header.sealedLength() - PackFormat.BLOB_OVERHEAD_BYTES;
    if (header.form() == PackFormat.FORM_RAW && stored != header.plainLength()) {
      throw damaged(blob, null);
    }
    if (compressed.length < stored) {
      compressed = new byte[stored];
    }
    return stored;
  }

  private void decrypt(PackName pack, Object blob, BlobHeader header, byte[] sealed, int offset, byte[] to, int at)
      throws UnreadableException {
    try {
      cipher.open(seal(pack, blob, header.epoch()), header.ordinal(), sealed, offset, header.sealedLength(), to, at);
    } catch (AEADBadTagException e) {
      throw damaged(blob, e);
    }
  }

  private static void demandZstd(Object blob, BlobHeader header) throws UnreadableException {
    if (header.form() != PackFormat.FORM_ZSTD) {
      // Whoever wrote it had the key, so this is no damage.
      throw new UnreadableException.Newer(blob.toString(), header.form(), PackFormat.FORM_ZSTD);
    }
  }

  private static void demandLength(Object blob, BlobHeader header, int length) throws UnreadableException {
    if (length != header.plainLength()) {
      throw damaged(blob, null);
    }
  }

  private PackSeal seal(PackName pack, Object blob, int epoch) throws UnreadableException {
    PackSeal seal = seals.get(pack);
    if (seal == null || seal.epoch() != epoch) {
      if (!ring.has(epoch)) {
        throw PackHeader.wrongEpoch(blob.toString(), epoch);
      }
      seal = PackSeal.of(ring, pack, epoch);
      seals.put(pack, seal);
    }
    return seal;
  }

  private static UnreadableException.Damaged damaged(Object blob, @Nullable Throwable cause) {
    String reason = "is not what was written there: it is damaged or was changed";
    String object = blob.toString();
    return cause == null ? new UnreadableException.Damaged(object, reason) : new UnreadableException.Damaged(object, reason, cause);
  }

  /** Frees the memory of the decompressor. */
  @Override
  public void close() {
    zstd.close();
  }
}
