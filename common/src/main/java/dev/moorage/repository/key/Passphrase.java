package dev.moorage.repository.key;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.text.Normalizer;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Words that a person remembers. Two ways to type the same letters give the same passphrase (Unicode form C); blanks count, but not
 * the line end of the file that it stands in.
 */
public final class Passphrase implements UnlockSecret {

  private final char[] words;

  /**
   * The passphrase of this text.
   *
   * @throws IllegalArgumentException when it is empty
   */
  public Passphrase(CharSequence text) {
    this.words = Normalizer.normalize(text, Normalizer.Form.NFC).toCharArray();
    if (words.length == 0) {
      throw new IllegalArgumentException("the passphrase is empty");
    }
  }

  /**
   * The passphrase in a file with this content: UTF-8, one line.
   *
   * @throws IllegalArgumentException when there is none, or more than one line
   */
  public static Passphrase ofFile(byte[] content) {
    String text = new String(content, UTF_8);
    String line = text.endsWith("\r\n") ? text.substring(0, text.length() - 2)
        : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    if (line.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("the passphrase file has more than one line");
    }
    return new Passphrase(line);
  }

  @Override
  public SlotKind kind() {
    return SlotKind.PASSPHRASE;
  }

  @Override
  public byte[] stretched(Stretching stretching, byte[] salt) {
    PBEKeySpec spec = new PBEKeySpec(words, salt, stretching.iterations(), Hkdf.KEY_BYTES * Byte.SIZE);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("BUG: the Java runtime has no PBKDF2WithHmacSHA512", e);
    } finally {
      spec.clearPassword();
    }
  }

  @Override
  public String toString() {
    return "passphrase";
  }
}
