package dev.moorage.repository.pack;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/** AES-256-GCM over the blobs of packs, with one cipher that is used again and again. One thread at a time. */
final class BlobCipher {

  /**
   * Longer pieces would keep the Java machine from compiling the cipher for seconds. Heap arrays are faster than direct buffers.
   */
  private static final int PIECE_BYTES = 64 << 10;

  static final String ALGORITHM = "AES/GCM/NoPadding";
  static final int NONCE_BYTES = 12;

  private final Cipher cipher;
  private final byte[] nonce = new byte[NONCE_BYTES];
  private final ByteBuffer nonceBuffer = ByteBuffer.wrap(nonce);

  BlobCipher() {
    try {
      cipher = Cipher.getInstance(ALGORITHM);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("BUG: the Java runtime has no AES/GCM", e);
    }
  }

  /**
   * Encrypts {@code length} bytes of {@code text} behind the blob header that {@code sealed} begins with.
   *
   * @return the length of header, ciphertext and tag
   */
  int seal(PackSeal seal, int ordinal, byte[] text, int offset, int length, byte[] sealed) {
    try {
      begin(Cipher.ENCRYPT_MODE, seal, ordinal, sealed, 0);
      int at = PackFormat.BLOB_HEADER_BYTES;
      int done = 0;
      while (length - done > PIECE_BYTES) {
        at += cipher.update(text, offset + done, PIECE_BYTES, sealed, at);
        done += PIECE_BYTES;
      }
      return at + cipher.doFinal(text, offset + done, length - done, sealed, at);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("BUG: " + seal.name() + " blob " + ordinal + " could not be sealed", e);
    }
  }

  /**
   * Decrypts a whole blob of {@code sealedLength} bytes.
   *
   * @return the length of its text
   * @throws AEADBadTagException when it is not genuine; what {@code text} then holds is not to be used
   */
  int open(PackSeal seal, int ordinal, byte[] sealed, int offset, int sealedLength, byte[] text, int textOffset)
      throws AEADBadTagException {
    try {
      begin(Cipher.DECRYPT_MODE, seal, ordinal, sealed, offset);
      int header = PackFormat.BLOB_HEADER_BYTES;
      return cipher.doFinal(sealed, offset + header, sealedLength - header, text, textOffset);
    } catch (AEADBadTagException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw new AssertionError("BUG: " + seal.name() + " blob " + ordinal + " could not be opened", e);
    }
  }

  private void begin(int mode, PackSeal seal, int ordinal, byte[] sealed, int headerOffset) throws GeneralSecurityException {
    // 96 bits, big-endian: the ordinal has 32.
    nonceBuffer.putInt(NONCE_BYTES - Integer.BYTES, ordinal);
    cipher.init(mode, seal.key(), new GCMParameterSpec(PackFormat.TAG_BYTES * Byte.SIZE, nonce));
    cipher.updateAAD(seal.authenticated());
    cipher.updateAAD(sealed, headerOffset, PackFormat.BLOB_HEADER_BYTES);
  }
}
