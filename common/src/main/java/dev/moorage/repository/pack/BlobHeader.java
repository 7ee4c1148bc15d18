package dev.moorage.repository.pack;

import dev.moorage.repository.UnreadableException;
import java.nio.ByteBuffer;

/** The first 16 bytes of a blob, as they stand there: they are believed once the blob is decrypted. */
record BlobHeader(int ordinal, int sealedLength, int plainLength, byte form, int epoch) {

  static BlobHeader read(byte[] from, int offset) {
    ByteBuffer bytes = ByteBuffer.wrap(from, offset, PackFormat.BLOB_HEADER_BYTES);
    int ordinal = bytes.getInt();
    int sealedLength = bytes.getInt();
    int plainLength = bytes.getInt();
    byte form = bytes.get();
    return new BlobHeader(ordinal, sealedLength, plainLength, form, Short.toUnsignedInt(bytes.getShort(offset + 14)));
  }

  /** Refuses a header that is not that of the blob that was asked for. */
  void checkIs(BlobRef ref) throws UnreadableException {
    if (ordinal != ref.ordinal() || sealedLength != ref.sealedLength() || plainLength != ref.plainLength()) {
      throw new UnreadableException.Damaged(ref.toString(), "is damaged, or another blob is in its place");
    }
  }
}
