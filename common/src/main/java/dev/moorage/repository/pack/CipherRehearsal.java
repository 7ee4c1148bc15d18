package dev.moorage.repository.pack;

import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Has the Java machine compile the cipher before gigabytes go through it. Until then the cipher has a hundredth of its speed, and threads
 * that are busy with it keep the compiler from its work: the first restore of a service took 7.8 s in place of 5. It is calls that the
 * machine counts, not bytes, so short texts do it. Safe for use by several threads.
 */
public final class CipherRehearsal {

  /** It takes a quarter of a second, which less than this does not earn back. */
  public static final long WORTH_BYTES = 256L << 20;

  /** As long as it takes for the code that long texts go through. */
  private static final int TEXT_BYTES = 2 << 10;

  private static final int CALLS_MAX = 8_000;
  private static final long NANOS_MAX = 400_000_000;

  /** After so many calls that took no longer than {@link #COMPILED_NANOS} each. */
  private static final int CALLS_COMPILED = 200;
  private static final int COMPILED_NANOS = 5_000;

  private static final CipherRehearsal OPENING = new CipherRehearsal(Cipher.DECRYPT_MODE);
  private static final CipherRehearsal SEALING = new CipherRehearsal(Cipher.ENCRYPT_MODE);

  private final int mode;
  private final AtomicBoolean begun = new AtomicBoolean();

  private CipherRehearsal(int mode) {
    this.mode = mode;
  }

  /** For what opens blobs; does nothing when this process has done it. */
  public static void beforeOpening() {
    OPENING.once();
  }

  /** For what seals blobs. */
  public static void beforeSealing() {
    SEALING.once();
  }

  private void once() {
    if (begun.compareAndSet(false, true)) {
      try {
        rehearse();
      } catch (GeneralSecurityException e) {
        throw new AssertionError("BUG: the Java runtime has no " + BlobCipher.ALGORITHM, e);
      }
    }
  }

  /** The text is nobody's, and so is the key. */
  private void rehearse() throws GeneralSecurityException {
    Nonces nonces = new Nonces();
    Cipher cipher = Cipher.getInstance(BlobCipher.ALGORITHM);
    byte[] sealed = new byte[TEXT_BYTES + PackFormat.TAG_BYTES];
    run(cipher, Cipher.ENCRYPT_MODE, nonces.next(), new byte[TEXT_BYTES], sealed);
    byte[] from = mode == Cipher.ENCRYPT_MODE ? new byte[TEXT_BYTES] : sealed;
    byte[] to = new byte[sealed.length];
    long begin = System.nanoTime();
    long before = begin;
    int compiled = 0;
    for (int call = 0; call < CALLS_MAX && compiled < CALLS_COMPILED && before - begin < NANOS_MAX; call++) {
      run(cipher, mode, mode == Cipher.ENCRYPT_MODE ? nonces.next() : nonces.last(), from, to);
      long now = System.nanoTime();
      compiled = now - before <= COMPILED_NANOS ? compiled + 1 : 0;
      before = now;
    }
  }

  private static void run(Cipher cipher, int mode, GCMParameterSpec nonce, byte[] from, byte[] to) throws GeneralSecurityException {
    cipher.init(mode, Nonces.KEY, nonce);
    cipher.updateAAD(nonce.getIV());
    cipher.doFinal(from, 0, from.length, to, 0);
  }

  /** The cipher refuses to seal twice with the same one. */
  private static final class Nonces {

    static final SecretKeySpec KEY = new SecretKeySpec(new byte[32], "AES");

    private final byte[] bytes = new byte[BlobCipher.NONCE_BYTES];

    GCMParameterSpec next() {
      bytes[0]++;
      if (bytes[0] == 0) {
        bytes[1]++;
      }
      return last();
    }

    GCMParameterSpec last() {
      return new GCMParameterSpec(PackFormat.TAG_BYTES * Byte.SIZE, bytes);
    }
  }
}
