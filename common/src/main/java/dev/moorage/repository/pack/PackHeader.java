package dev.moorage.repository.pack;

import dev.moorage.repository.Hex128;
import dev.moorage.repository.SessionId;
import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.key.KeyRing;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The first 64 bytes of a pack. Who reads single blobs does not need them, for blobs say by themselves what decrypts them; who reads
 * a whole pack learns from them whose it is.
 *
 * @param epoch under which the pack was written
 */
record PackHeader(PackKind kind, int epoch) {

  private static final int CHECKED_BYTES = PackFormat.HEADER_BYTES;

  static ByteBuffer encode(KeyRing ring, PackName name, PackKind kind) {
    return encode(ring, name, new PackHeader(kind, ring.epoch()));
  }

  private static ByteBuffer encode(KeyRing ring, PackName name, PackHeader header) {
    ByteBuffer bytes = ByteBuffer.allocate(PackFormat.HEADER_BYTES);
    bytes.putLong(PackFormat.MAGIC).putShort((short) PackFormat.VERSION).put((byte) header.kind.code()).put((byte) 0)
        .putShort((short) header.epoch).putShort((short) 0)
        .put(PackSeal.bytes(name.pack())).put(PackSeal.bytes(name.session().bits()))
        .putInt(ring.check(header.epoch, PackSeal.bytes(name.pack())));
    return bytes.rewind();
  }

  /** Reads the header of the pack of this name; everything in it is known beforehand but for kind and epoch. */
  static PackHeader decode(KeyRing ring, PackName name, byte[] bytes) throws UnreadableException {
    if (bytes.length < PackFormat.HEADER_BYTES) {
      throw new UnreadableException.Truncated(name.key(), bytes.length, PackFormat.HEADER_BYTES);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    if (buffer.getLong() != PackFormat.MAGIC) {
      throw new UnreadableException.Foreign(name.key(), "is no pack: it does not begin with MRGPACK");
    }
    int version = Short.toUnsignedInt(buffer.getShort());
    if (version != PackFormat.VERSION) {
      throw new UnreadableException.Newer(name.key(), version, PackFormat.VERSION);
    }
    PackHeader header = new PackHeader(kind(name, buffer.get()), Short.toUnsignedInt(buffer.getShort(12)));
    PackName written = writtenName(buffer.position(16));
    if (!written.equals(name)) {
      throw new UnreadableException.Damaged(name.key(), "holds the pack " + written + ", or its header is damaged");
    }
    checkKey(ring, name, header, bytes);
    return header;
  }

  private static void checkKey(KeyRing ring, PackName name, PackHeader header, byte[] bytes) throws UnreadableException {
    if (!ring.has(header.epoch)) {
      throw wrongEpoch(name.key(), header.epoch);
    }
    if (!Arrays.equals(bytes, 0, CHECKED_BYTES, encode(ring, name, header).array(), 0, CHECKED_BYTES)) {
      throw new UnreadableException.WrongKey(name.key(),
          "was written with another key than that of repository " + ring.repository() + ", or its header is damaged");
    }
  }

  static UnreadableException.Rotated wrongEpoch(String object, int epoch) {
    return new UnreadableException.Rotated(object, "was written with key epoch " + epoch
        + ", which this key ring does not have. Unlock the repository anew, because its keys may have been rotated");
  }

  private static PackName writtenName(ByteBuffer from) {
    Hex128 pack = Hex128.read(from);
    return new PackName(new SessionId(Hex128.read(from)), pack);
  }

  private static PackKind kind(PackName name, byte code) throws UnreadableException {
    for (PackKind kind : PackKind.values()) {
      if (kind.code() == code) {
        return kind;
      }
    }
    throw new UnreadableException.Damaged(name.key(), "is a pack of the unknown kind " + code);
  }
}
