package dev.moorage.repository.pack;

/**
 * A buffer for one sealed blob, to be used again and again: {@link BlobSealer#seal} fills it, {@link PackWriter#append} reads it. One
 * thread at a time, which may be another one after a safe hand-over.
 */
public final class SealedBlob {

  final byte[] bytes;
  private PackName pack = NONE;
  private BlobId id = new BlobId(0, 0);
  private int ordinal;
  private int length;
  private int plainLength;

  private static final PackName NONE = PackName.parse("packs/" + "0".repeat(32) + "/" + "0".repeat(32));

  /** A buffer for blobs whose text has at most {@code plainLengthMax} bytes. */
  public SealedBlob(int plainLengthMax) {
    this.bytes = new byte[plainLengthMax + PackFormat.BLOB_OVERHEAD_BYTES];
  }

  void fill(PackName newPack, BlobId newId, int newOrdinal, int newLength, int newPlainLength) {
    pack = newPack;
    id = newId;
    ordinal = newOrdinal;
    length = newLength;
    plainLength = newPlainLength;
  }

  /** The pack that it is sealed for. */
  public PackName pack() {
    return pack;
  }

  /** The id of its text. */
  public BlobId id() {
    return id;
  }

  /** Its number in the pack. */
  public int ordinal() {
    return ordinal;
  }

  /** Bytes in the pack, header and tag included. */
  public int length() {
    return length;
  }

  /** Bytes of its text. */
  public int plainLength() {
    return plainLength;
  }
}
