package dev.moorage.repository.pack;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.key.KeyRing;
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
    if (sealed.length - offset < ref.sealedLength()) {
      throw new UnreadableException.Truncated(ref.toString(), sealed.length - offset, ref.sealedLength());
    }
    BlobHeader header = BlobHeader.read(sealed, offset);
    header.checkIs(ref);
    open(ref.pack(), ref.toString(), header, sealed, offset, text, textOffset);
  }

  /** Opens the blob with this header, whose lengths the caller has found to be possible. */
  void open(PackName pack, String blob, BlobHeader header, byte[] sealed, int offset, byte[] text, int textOffset)
      throws UnreadableException {
    int stored = header.sealedLength() - PackFormat.BLOB_OVERHEAD_BYTES;
    boolean raw = header.form() == PackFormat.FORM_RAW;
    if (raw && stored != header.plainLength()) {
      throw damaged(blob, null);
    }
    if (!raw && compressed.length < stored) {
      compressed = new byte[stored];
    }
    try {
      PackSeal seal = seal(pack, blob, header.epoch());
      cipher.open(seal, header.ordinal(), sealed, offset, header.sealedLength(), raw ? text : compressed, raw ? textOffset : 0);
    } catch (AEADBadTagException e) {
      throw damaged(blob, e);
    }
    if (!raw) {
      decompress(blob, header, stored, text, textOffset);
    }
  }

  private void decompress(String blob, BlobHeader header, int stored, byte[] text, int textOffset) throws UnreadableException {
    if (header.form() != PackFormat.FORM_ZSTD) {
      // Whoever wrote it had the key, so this is no damage.
      throw new UnreadableException.Newer(blob, header.form(), PackFormat.FORM_ZSTD);
    }
    try {
      int length = zstd.decompressByteArray(text, textOffset, header.plainLength(), compressed, 0, stored);
      if (length != header.plainLength()) {
        throw damaged(blob, null);
      }
    } catch (ZstdException e) {
      throw damaged(blob, e);
    }
  }

  private PackSeal seal(PackName pack, String blob, int epoch) throws UnreadableException {
    PackSeal seal = seals.get(pack);
    if (seal == null || seal.epoch() != epoch) {
      if (!ring.has(epoch)) {
        throw PackHeader.wrongEpoch(blob, epoch);
      }
      seal = PackSeal.of(ring, pack, epoch);
      seals.put(pack, seal);
    }
    return seal;
  }

  private static UnreadableException.Damaged damaged(String blob, @Nullable Throwable cause) {
    String reason = "is not what was written there: it is damaged or was changed";
    return cause == null ? new UnreadableException.Damaged(blob, reason) : new UnreadableException.Damaged(blob, reason, cause);
  }

  /** Frees the memory of the decompressor. */
  @Override
  public void close() {
    zstd.close();
  }
}
