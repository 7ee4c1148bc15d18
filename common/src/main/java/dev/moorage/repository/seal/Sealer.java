package dev.moorage.repository.seal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.key.KeyRing;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Encrypts and authenticates the small objects of a repository, and opens them again. An object opens only under the key at which
 * it was sealed, as the kind that it is, in its repository. Layout, big-endian:
 * <pre>
 *   magic "MRGO" | version u8 = 1 | kind u8 | key epoch u16 | key check 4
 *   | text length u32 | salt 32 | AES-256-GCM ciphertext | tag 16
 * </pre>
 * The object's key is derived with the salt, which is drawn anew for every call: so no key seals two texts, and the nonce can
 * always be zero. Header, repository id and object key are authenticated. Safe for several threads.
 */
public final class Sealer {

  /** Bytes that sealing adds. */
  public static final int OVERHEAD_BYTES = 64;

  private static final int MAGIC = 0x4D52474F;
  private static final int VERSION = 1;
  private static final int SALT_BYTES = 32;
  private static final int HEADER_BYTES = 48;
  private static final int TAG_BYTES = 16;
  private static final GCMParameterSpec NONCE = new GCMParameterSpec(TAG_BYTES * Byte.SIZE, new byte[12]);

  private final KeyRing ring;
  private final SecureRandom random;

  /** Seals with the epoch that writes, opens with all of them. */
  public Sealer(KeyRing ring, SecureRandom random) {
    this.ring = ring;
    this.random = random;
  }

  /** Seals a text that will be stored at {@code objectKey}. Twice the same text gives different bytes. */
  public byte[] seal(ObjectKind kind, String objectKey, byte[] plaintext) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    int epoch = ring.epoch();
    ByteBuffer sealed = ByteBuffer.allocate(OVERHEAD_BYTES + plaintext.length);
    sealed.putInt(MAGIC).put((byte) VERSION).put((byte) kind.code()).putShort((short) epoch)
        .putInt(ring.check(epoch, salt)).putInt(plaintext.length).put(salt);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, ring.derive(epoch, salt, kind.label()), sealed.array(), objectKey);
      cipher.doFinal(plaintext, 0, plaintext.length, sealed.array(), HEADER_BYTES);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("BUG: " + objectKey + " could not be sealed", e);
    }
    return sealed.array();
  }

  /**
   * The text that was sealed.
   *
   * @throws UnreadableException when these are not the whole, unchanged bytes of an object of that kind at that key
   */
  public byte[] open(ObjectKind kind, String objectKey, byte[] sealed) throws UnreadableException {
    int epoch = checkedEpoch(kind, objectKey, sealed);
    byte[] salt = Arrays.copyOfRange(sealed, HEADER_BYTES - SALT_BYTES, HEADER_BYTES);
    if (ByteBuffer.wrap(sealed).getInt(8) != ring.check(epoch, salt)) {
      throw new UnreadableException.WrongKey(objectKey,
          "was sealed with another key than that of repository " + ring.repository() + ", or its header is damaged");
    }
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, ring.derive(epoch, salt, kind.label()), sealed, objectKey);
      return cipher.doFinal(sealed, HEADER_BYTES, sealed.length - HEADER_BYTES);
    } catch (AEADBadTagException e) {
      throw new UnreadableException.Damaged(objectKey,
          "is not what was written there: it is damaged, was changed, or is another object", e);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("BUG: " + objectKey + " could not be opened", e);
    }
  }

  private int checkedEpoch(ObjectKind kind, String objectKey, byte[] sealed) throws UnreadableException {
    if (sealed.length < OVERHEAD_BYTES) {
      throw new UnreadableException.Truncated(objectKey, sealed.length, OVERHEAD_BYTES);
    }
    ByteBuffer header = ByteBuffer.wrap(sealed);
    if (header.getInt(0) != MAGIC) {
      throw new UnreadableException.Foreign(objectKey, "is no object of Moorage: it does not begin with MRGO");
    }
    if (header.get(4) != VERSION) {
      throw new UnreadableException.Newer(objectKey, Byte.toUnsignedInt(header.get(4)), VERSION);
    }
    if (header.get(5) != kind.code()) {
      throw new UnreadableException.Damaged(objectKey, "is another kind of object than belongs there");
    }
    long whole = OVERHEAD_BYTES + Integer.toUnsignedLong(header.getInt(12));
    if (sealed.length < whole) {
      throw new UnreadableException.Truncated(objectKey, sealed.length, whole);
    }
    if (sealed.length > whole) {
      throw new UnreadableException.Damaged(objectKey, "has " + (sealed.length - whole) + " bytes too many");
    }
    return knownEpoch(objectKey, Short.toUnsignedInt(header.getShort(6)));
  }

  private int knownEpoch(String objectKey, int epoch) throws UnreadableException {
    if (!ring.has(epoch)) {
      throw new UnreadableException.Rotated(objectKey, "was sealed with key epoch " + epoch
          + ", which this key ring does not have. Unlock the repository anew, because its keys may have been rotated");
    }
    return epoch;
  }

  private Cipher cipher(int mode, SecretKey key, byte[] sealed, String objectKey) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, NONCE);
    cipher.updateAAD(sealed, 0, HEADER_BYTES);
    cipher.updateAAD(ring.repository().toBytes());
    cipher.updateAAD(objectKey.getBytes(UTF_8));
    return cipher;
  }
}
