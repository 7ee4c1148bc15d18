package dev.moorage.repository.key;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moorage.record.Fields;
import dev.moorage.record.JsonRecord;
import dev.moorage.record.MalformedRecordException;
import dev.moorage.record.NewerRecordException;
import dev.moorage.repository.Hex128;
import dev.moorage.repository.RepositoryId;
import dev.moorage.repository.UnreadableException;
import java.time.Instant;
import java.util.Base64;

/**
 * The object {@code keys/ID}: the key ring, wrapped by one secret. Create-only JSON; a change of the ring makes a new slot. Every
 * field is authenticated, so none can be changed without the secret. Immutable.
 *
 * @param label what its maker called it, such as {@code node7}; for people
 * @param salt fresh for each slot, in Base64
 * @param ring the ring's bytes, encrypted, with their tag, in Base64
 */
public record KeySlot(
    Hex128 id, SlotKind kind, String label, Instant createdAt, Stretching stretching, String salt, String ring) {

  /** What the keys of all slots begin with. */
  public static final String PREFIX = "keys/";

  private static final int FORMAT = 1;

  /** The object's key. */
  public String key() {
    return PREFIX + id;
  }

  /** The object's content. */
  public byte[] toBytes() {
    Fields derivation = new Fields().text("function", stretching.function()).number("iterations", stretching.iterations());
    return Fields.ofFormat(FORMAT)
        .text("id", id.toString())
        .text("kind", kind.word())
        .text("label", label)
        .instant("createdAt", createdAt)
        .object("derivation", derivation)
        .text("salt", salt)
        .text("ring", ring)
        .toBytes();
  }

  /** Reads the object; whether it is genuine shows when it is opened. */
  public static KeySlot parse(String key, byte[] content) throws UnreadableException {
    try {
      JsonRecord record = JsonRecord.parse(key, content, FORMAT);
      JsonRecord derivation = record.object("derivation");
      KeySlot slot = new KeySlot(
          record.parsed("id", Hex128::parse),
          record.parsed("kind", SlotKind::parse),
          record.text("label"),
          record.instant("createdAt"),
          new Stretching(derivation.text("function"), Math.toIntExact(derivation.number("iterations"))),
          record.parsed("salt", KeySlot::base64),
          record.parsed("ring", KeySlot::base64));
      if (!slot.key().equals(key)) {
        throw new UnreadableException.Damaged(key, "is the key slot " + slot.key() + " in a wrong place");
      }
      return slot;
    } catch (NewerRecordException e) {
      throw new UnreadableException.Newer(key, "was written by a newer Moorage. Update Moorage", e);
    } catch (MalformedRecordException | IllegalArgumentException | ArithmeticException e) {
      throw new UnreadableException.Damaged(key, "is no key slot: " + e.getMessage(), e);
    }
  }

  byte[] saltBytes() {
    return Base64.getDecoder().decode(salt);
  }

  byte[] ringBytes() {
    return Base64.getDecoder().decode(ring);
  }

  /** Only the one canonical form is let in, so that no bit of a slot can change unnoticed. */
  private static String base64(String text) {
    if (!Base64.getEncoder().encodeToString(Base64.getDecoder().decode(text)).equals(text)) {
      throw new IllegalArgumentException("it is not canonical Base64");
    }
    return text;
  }

  /** What is authenticated with the ring: everything but the salt, of which the key is derived anyway. */
  byte[] authenticated(RepositoryId repository) {
    return String.join("\n", "moorage/1/slot", repository.toString(), key(), kind.word(), label, createdAt.toString(),
        stretching.function(), Integer.toString(stretching.iterations())).getBytes(UTF_8);
  }
}
