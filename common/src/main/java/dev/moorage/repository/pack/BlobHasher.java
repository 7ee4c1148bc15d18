package dev.moorage.repository.pack;

import dev.moorage.repository.key.KeyRing;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;

/** Tells the ids of blobs. One thread at a time: each thread has its own. */
public final class BlobHasher {

  private static final String ALGORITHM = "HmacSHA256";

  private final Mac mac;
  private final byte[] hash = new byte[32];
  private final ByteBuffer hashBuffer = ByteBuffer.wrap(hash);

  /** A hasher with the ring's id key. */
  public BlobHasher(KeyRing ring) {
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(ring.idKey());
    } catch (GeneralSecurityException e) {
      throw new AssertionError("BUG: the Java runtime has no " + ALGORITHM, e);
    }
  }

  /** The id of this text. */
  public BlobId id(byte[] text, int offset, int length) {
    mac.update(text, offset, length);
    return id();
  }

  /** The id of what remains of the buffer. */
  BlobId id(ByteBuffer text) {
    mac.update(text);
    return id();
  }

  private BlobId id() {
    try {
      mac.doFinal(hash, 0);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("BUG: a hash does not have " + hash.length + " bytes", e);
    }
    return new BlobId(hashBuffer.getLong(0), hashBuffer.getLong(Long.BYTES));
  }
}
