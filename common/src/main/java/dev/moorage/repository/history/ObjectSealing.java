package dev.moorage.repository.history;

import dev.moorage.repository.seal.ObjectKind;
import dev.moorage.repository.seal.Sealer;
import java.io.IOException;

/** Encrypts small objects and opens them again. {@link Sealer} does it in a repository; the simulation has a faster one. */
public interface ObjectSealing {

  /** The bytes to store at {@code objectKey}; different ones each time. */
  byte[] seal(ObjectKind kind, String objectKey, byte[] plaintext);

  /**
   * The text that was sealed.
   *
   * @throws dev.moorage.repository.UnreadableException when the bytes are not those of an object of that kind at that key
   */
  byte[] open(ObjectKind kind, String objectKey, byte[] sealed) throws IOException;

  /** The sealing of a repository. */
  static ObjectSealing of(Sealer sealer) {
    return new ObjectSealing() {
      @Override
      public byte[] seal(ObjectKind kind, String objectKey, byte[] plaintext) {
        return sealer.seal(kind, objectKey, plaintext);
      }

      @Override
      public byte[] open(ObjectKind kind, String objectKey, byte[] sealed) throws IOException {
        return sealer.open(kind, objectKey, sealed);
      }
    };
  }
}
