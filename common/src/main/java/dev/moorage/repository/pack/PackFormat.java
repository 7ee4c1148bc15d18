package dev.moorage.repository.pack;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;

/**
 * The numbers of the layout of packs. All integers are big-endian.
 * <pre>
 *   pack    = header 64 | blob ... | footer | trailer 16
 *   header  = magic "MRGPACK" 0 | version u16 | kind u8 | 0 | key epoch u16 | 0 u16 | pack id 16 | session id 16 | key check 4 | 0 ...
 *   blob    = ordinal u32 | sealed length u32 | plain length u32 | form u8 | 0 | key epoch u16 | ciphertext | tag 16
 *   footer  = a blob with the ordinal 0xFFFFFFFF, whose text is, for each blob: id 16, ordinal, offset, sealed length, plain length
 *   trailer = footer offset u32 | footer length u32 | magic "MRGPFOOT"
 * </pre>
 * The sealed length counts header and tag. Each blob is encrypted with the pack's key; its ordinal is the nonce, so no ordinal may
 * occur twice; repository id, pack id and the blob's header are authenticated with it.
 */
final class PackFormat {

  static final int VERSION = 1;
  static final String LABEL = "moorage/1/pack";

  static final long MAGIC = magic("MRGPACK\0");
  static final long TRAILER_MAGIC = magic("MRGPFOOT");

  static final int HEADER_BYTES = 64;
  static final int TRAILER_BYTES = 16;
  static final int BLOB_HEADER_BYTES = 16;
  static final int TAG_BYTES = 16;
  static final int BLOB_OVERHEAD_BYTES = BLOB_HEADER_BYTES + TAG_BYTES;
  static final int ENTRY_BYTES = 32;

  /** The footer's ordinal; blobs have 0 to {@link Integer#MAX_VALUE}. */
  static final int FOOTER_ORDINAL = -1;

  static final byte FORM_RAW = 0;
  static final byte FORM_ZSTD = 1;

  private PackFormat() {}

  /** The largest pack with so many blobs whose sealed bytes are so many in all. */
  static long packBytes(int blobs, long sealedBytes) {
    return HEADER_BYTES + sealedBytes + BLOB_OVERHEAD_BYTES + (long) blobs * ENTRY_BYTES + TRAILER_BYTES;
  }

  private static long magic(String text) {
    return ByteBuffer.wrap(text.getBytes(US_ASCII)).getLong();
  }
}
