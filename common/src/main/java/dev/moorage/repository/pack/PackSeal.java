package dev.moorage.repository.pack;

import dev.moorage.repository.Hex128;
import dev.moorage.repository.RepositoryId;
import dev.moorage.repository.key.KeyRing;
import java.nio.ByteBuffer;
import javax.crypto.SecretKey;

/** What all blobs of one pack are encrypted with. Immutable; safe for several threads. */
public final class PackSeal {

  private final PackName name;
  private final int epoch;
  private final SecretKey key;
  private final byte[] authenticated;

  private PackSeal(PackName name, int epoch, SecretKey key, byte[] authenticated) {
    this.name = name;
    this.epoch = epoch;
    this.key = key;
    this.authenticated = authenticated;
  }

  /** The seal of this pack, which the ring must have the epoch for. */
  static PackSeal of(KeyRing ring, PackName name, int epoch) {
    byte[] pack = bytes(name.pack());
    byte[] authenticated =
        ByteBuffer.allocate(RepositoryId.BYTES + Hex128.BYTES).put(ring.repository().toBytes()).put(pack).array();
    return new PackSeal(name, epoch, ring.derive(epoch, pack, PackFormat.LABEL), authenticated);
  }

  static byte[] bytes(Hex128 bits) {
    return ByteBuffer.allocate(Hex128.BYTES).putLong(bits.high()).putLong(bits.low()).array();
  }

  PackName name() {
    return name;
  }

  int epoch() {
    return epoch;
  }

  SecretKey key() {
    return key;
  }

  /** Repository id and pack id: authenticated with every blob, before its header. */
  byte[] authenticated() {
    return authenticated;
  }
}
