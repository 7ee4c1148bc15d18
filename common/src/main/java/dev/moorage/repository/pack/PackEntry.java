package dev.moorage.repository.pack;

import java.nio.ByteBuffer;

/** What a pack's footer says of one blob. */
public record PackEntry(BlobId id, BlobRef ref) {

  static byte[] encode(BlobId id, BlobRef ref) {
    return ByteBuffer.allocate(PackFormat.ENTRY_BYTES).putLong(id.high()).putLong(id.low())
        .putInt(ref.ordinal()).putInt(ref.offset()).putInt(ref.sealedLength()).putInt(ref.plainLength()).array();
  }

  /**
   * Reads one entry.
   *
   * @throws IllegalArgumentException when there can be no such blob
   */
  static PackEntry decode(PackName pack, ByteBuffer from) {
    BlobId id = new BlobId(from.getLong(), from.getLong());
    return new PackEntry(id, new BlobRef(pack, from.getInt(), from.getInt(), from.getInt(), from.getInt()));
  }
}
