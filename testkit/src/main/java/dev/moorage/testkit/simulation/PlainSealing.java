package dev.moorage.testkit.simulation;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.history.ObjectSealing;
import dev.moorage.repository.seal.ObjectKind;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Binds a text to its kind and key as the real sealing does, but without encryption, which would take most of the time. */
final class PlainSealing implements ObjectSealing {

  @Override
  public byte[] seal(ObjectKind kind, String objectKey, byte[] plaintext) {
    byte[] label = label(kind, objectKey);
    return ByteBuffer.allocate(4 + label.length + plaintext.length).putInt(label.length).put(label).put(plaintext).array();
  }

  @Override
  public byte[] open(ObjectKind kind, String objectKey, byte[] sealed) throws UnreadableException {
    byte[] label = label(kind, objectKey);
    int length = ByteBuffer.wrap(sealed).getInt();
    if (length != label.length || !Arrays.equals(label, 0, length, sealed, 4, 4 + length)) {
      throw new UnreadableException.Damaged(objectKey, "is another object");
    }
    return Arrays.copyOfRange(sealed, 4 + length, sealed.length);
  }

  /** The text of any sealed object. */
  static byte[] text(byte[] sealed) {
    return Arrays.copyOfRange(sealed, 4 + ByteBuffer.wrap(sealed).getInt(), sealed.length);
  }

  private static byte[] label(ObjectKind kind, String objectKey) {
    return (kind + " " + objectKey).getBytes(US_ASCII);
  }
}
