package dev.moorage.repository.key;

import dev.moorage.repository.Hex128;
import dev.moorage.repository.RepositoryId;
import dev.moorage.repository.UnreadableException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The bytes of a key ring inside a slot, where they are encrypted. Big-endian:
 * <pre>
 *   version u8 = 1 | repository id 16 | id key 32 | number of epochs u16 | per epoch, ascending: epoch u16, key 32
 * </pre>
 */
final class KeyRingCodec {

  private static final int VERSION = 1;
  private static final int HEAD_BYTES = 1 + RepositoryId.BYTES + Hkdf.KEY_BYTES + Short.BYTES;
  private static final int EPOCH_BYTES = Short.BYTES + Hkdf.KEY_BYTES;

  private KeyRingCodec() {}

  static byte[] encode(KeyRing ring) {
    ByteBuffer bytes = ByteBuffer.allocate(HEAD_BYTES + ring.secrets().size() * EPOCH_BYTES);
    bytes.put((byte) VERSION).put(ring.repository().toBytes()).put(ring.idSecret()).putShort((short) ring.secrets().size());
    for (Map.Entry<Integer, byte[]> epoch : ring.secrets().entrySet()) {
      bytes.putShort(epoch.getKey().shortValue()).put(epoch.getValue());
    }
    return bytes.array();
  }

  /** Reads what was decrypted already, so a wrong length is a fault of the writer. */
  static KeyRing decode(String place, byte[] encoded) throws UnreadableException {
    if (encoded.length < HEAD_BYTES + EPOCH_BYTES) {
      throw new UnreadableException.Truncated(place, encoded.length, HEAD_BYTES + EPOCH_BYTES);
    }
    if (encoded[0] != VERSION) {
      throw new UnreadableException.Newer(place, encoded[0], VERSION);
    }
    ByteBuffer bytes = ByteBuffer.wrap(encoded, 1, encoded.length - 1);
    Hex128 id = Hex128.read(bytes);
    byte[] idKey = key(bytes);
    int count = Short.toUnsignedInt(bytes.getShort());
    if (count == 0 || bytes.remaining() != count * EPOCH_BYTES) {
      throw new UnreadableException.Damaged(place, "holds a key ring of a wrong length");
    }
    Map<Integer, byte[]> epochs = new TreeMap<>();
    while (bytes.hasRemaining()) {
      epochs.put(Short.toUnsignedInt(bytes.getShort()), key(bytes));
    }
    return new KeyRing(new RepositoryId(new UUID(id.high(), id.low())), idKey, epochs);
  }

  private static byte[] key(ByteBuffer bytes) {
    byte[] key = new byte[Hkdf.KEY_BYTES];
    bytes.get(key);
    return key;
  }
}
