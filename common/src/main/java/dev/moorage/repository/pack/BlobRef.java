package dev.moorage.repository.pack;

/**
 * Where a blob is: enough to read it by one range request, and to know how long its text is before.
 *
 * @param ordinal the number of the blob in its pack
 * @param offset of its first byte, that of its header, in the pack
 * @param sealedLength bytes in the pack, header and tag included
 * @param plainLength bytes of its text
 */
public record BlobRef(PackName pack, int ordinal, int offset, int sealedLength, int plainLength) {

  /** Checks that there can be such a blob. */
  public BlobRef {
    if (ordinal < 0 || offset < PackFormat.HEADER_BYTES || plainLength < 0 || sealedLength < PackFormat.BLOB_OVERHEAD_BYTES
        || offset > Integer.MAX_VALUE - sealedLength) {
      throw new IllegalArgumentException("no blob can be at " + ordinal + ", " + offset + ", " + sealedLength + ", " + plainLength);
    }
  }

  /** One past its last byte in the pack. */
  public int end() {
    return offset + sealedLength;
  }

  @Override
  public String toString() {
    return pack + " blob " + ordinal;
  }
}
