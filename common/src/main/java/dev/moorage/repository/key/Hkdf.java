package dev.moorage.repository.key;

import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/** HKDF-SHA-256 (RFC 5869), extract and expand: an independent key for each salt and label. Safe for several threads. */
final class Hkdf {

  static final int KEY_BYTES = 32;

  private Hkdf() {}

  /** A 256-bit key for AES. */
  static SecretKey aesKey(byte[] secret, byte[] salt, byte[] info) {
    try {
      return KDF.getInstance("HKDF-SHA256").deriveKey("AES", parameters(secret, salt, info, KEY_BYTES));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("BUG: the Java runtime has no HKDF-SHA256", e);
    }
  }

  /** {@code length} bytes. */
  static byte[] bytes(byte[] secret, byte[] salt, byte[] info, int length) {
    try {
      return KDF.getInstance("HKDF-SHA256").deriveData(parameters(secret, salt, info, length));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("BUG: the Java runtime has no HKDF-SHA256", e);
    }
  }

  private static HKDFParameterSpec parameters(byte[] secret, byte[] salt, byte[] info, int length) {
    return HKDFParameterSpec.ofExtract().addIKM(secret).addSalt(salt).thenExpand(info, length);
  }
}
