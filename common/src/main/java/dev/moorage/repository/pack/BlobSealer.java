package dev.moorage.repository.pack;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import dev.moorage.repository.key.KeyRing;
import java.nio.ByteBuffer;

/**
 * Turns the texts of blobs into what stands in a pack: hash, compress, encrypt. This is where a backup spends its time, so each
 * worker thread has a sealer of its own and they work side by side; it allocates nothing to speak of per blob. One thread at a time.
 */
public final class BlobSealer implements AutoCloseable {

  private static final int LEVEL = 1;

  /** A blob is stored compressed only when that saves at least this part of it, one 25th. */
  private static final int GAIN_DIVISOR = 25;

  private final BlobHasher hasher;
  private final BlobCipher cipher = new BlobCipher();
  private final ZstdCompressCtx zstd = new ZstdCompressCtx().setLevel(LEVEL).setChecksum(false);
  private byte[] compressed;

  /** A sealer for texts of at most {@code plainLengthMax} bytes. */
  public BlobSealer(KeyRing ring, int plainLengthMax) {
    this.hasher = new BlobHasher(ring);
    this.compressed = new byte[Math.toIntExact(Zstd.compressBound(plainLengthMax))];
  }

  /** The id of this text, to look whether it is stored already. */
  public BlobId id(byte[] text, int offset, int length) {
    return hasher.id(text, offset, length);
  }

  /**
   * Compresses and encrypts a text as the blob {@code ordinal} of a pack. The caller got the ordinal from
   * {@link PackWriter#reserve} for this one text: with another text it must never be used again.
   */
  public void seal(PackSeal pack, int ordinal, BlobId id, byte[] text, int offset, int length, SealedBlob into) {
    if (into.bytes.length < length + PackFormat.BLOB_OVERHEAD_BYTES) {
      throw new IllegalArgumentException("the buffer is too small for a text of " + length + " bytes");
    }
    int compressedLength = compress(text, offset, length);
    boolean gains = compressedLength <= length - (length + GAIN_DIVISOR - 1) / GAIN_DIVISOR;
    int stored = gains ? compressedLength : length;
    ByteBuffer.wrap(into.bytes)
        .putInt(ordinal)
        .putInt(stored + PackFormat.BLOB_OVERHEAD_BYTES)
        .putInt(length)
        .put(gains ? PackFormat.FORM_ZSTD : PackFormat.FORM_RAW)
        .put((byte) 0)
        .putShort((short) pack.epoch());
    int sealed = cipher.seal(pack, ordinal, gains ? compressed : text, gains ? 0 : offset, stored, into.bytes);
    into.fill(pack.name(), id, ordinal, sealed, length);
  }

  private int compress(byte[] text, int offset, int length) {
    if (length == 0) {
      return Integer.MAX_VALUE;
    }
    int bound = Math.toIntExact(Zstd.compressBound(length));
    if (bound > compressed.length) {
      // Footers may be longer than blobs.
      compressed = new byte[bound];
    }
    return zstd.compressByteArray(compressed, 0, compressed.length, text, offset, length);
  }

  /** Frees the memory of the compressor. */
  @Override
  public void close() {
    zstd.close();
  }
}
