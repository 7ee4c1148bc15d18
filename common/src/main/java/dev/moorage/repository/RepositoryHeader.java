package dev.moorage.repository;

import dev.moorage.objectstore.ObjectKey;
import dev.moorage.record.Fields;
import dev.moorage.record.JsonRecord;
import dev.moorage.record.MalformedRecordException;
import dev.moorage.record.NewerRecordException;
import dev.moorage.repository.seal.ObjectKind;
import dev.moorage.repository.seal.Sealer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

/**
 * The object {@code repository}: what everybody must know before anything else can be read. Plain JSON, created once and never
 * changed, with a proof that only somebody with the keys can make, so that a header that was tampered with is found.
 *
 * @param id of the repository
 * @param blockBytes the size of the blocks into which images are cut, for ever
 * @param createdAt by the clock of its maker
 * @param singleWriter whether its makers promised that one host at a time writes it, because the store cannot refuse to overwrite
 */
public record RepositoryHeader(RepositoryId id, int blockBytes, Instant createdAt, boolean singleWriter) {

  /** The object's key. */
  public static final ObjectKey KEY = new ObjectKey("repository");

  /** Block sizes that a repository may have: a power of two, at least a page and no more than a restore likes to read for one. */
  public static final int BLOCK_BYTES_MIN = 16 << 10;
  public static final int BLOCK_BYTES_MAX = 1 << 20;

  private static final int FORMAT = 1;
  /** The protocol of commit and collection. Whoever does not know it must not write: see docs/repository-protocol.md. */
  private static final int PROTOCOL = 1;

  public RepositoryHeader {
    if (blockBytes < BLOCK_BYTES_MIN || blockBytes > BLOCK_BYTES_MAX || Integer.bitCount(blockBytes) != 1) {
      throw new IllegalArgumentException(
          "a block has 16, 32, 64, 128, 256, 512 or 1024 KiB, not " + blockBytes + " bytes");
    }
  }

  /** The object's content. */
  public byte[] toBytes(Sealer sealer) {
    byte[] proof = sealer.seal(ObjectKind.PROOF, KEY.value(), fields().toBytes());
    return fields().text("proof", Base64.getEncoder().encodeToString(proof)).toBytes();
  }

  private Fields fields() {
    return Fields.ofFormat(FORMAT)
        .number("protocol", PROTOCOL)
        .text("id", id.toString())
        .number("blockBytes", blockBytes)
        .instant("createdAt", createdAt)
        .flag("singleWriter", singleWriter);
  }

  /** Reads the object; whether it is genuine shows in {@link #prove}. */
  public static RepositoryHeader parse(byte[] content) throws UnreadableException {
    try {
      JsonRecord record = JsonRecord.parse(KEY.value(), content, FORMAT);
      if (record.number("protocol") != PROTOCOL) {
        throw new UnreadableException.Newer(KEY.value(), Math.toIntExact(record.number("protocol")), PROTOCOL);
      }
      return new RepositoryHeader(record.parsed("id", RepositoryId::parse), Math.toIntExact(record.number("blockBytes")),
          record.instant("createdAt"), record.flag("singleWriter"));
    } catch (NewerRecordException e) {
      throw new UnreadableException.Newer(KEY.value(), "was written by a newer Moorage. Update Moorage", e);
    } catch (MalformedRecordException | IllegalArgumentException | ArithmeticException e) {
      throw new UnreadableException.Foreign(KEY.value(), "is not the header of a repository of Moorage: " + e.getMessage());
    }
  }

  /**
   * Checks that whoever wrote the header had the keys of the repository.
   *
   * @throws UnreadableException.Damaged when the header was changed
   */
  void prove(byte[] content, Sealer sealer) throws UnreadableException {
    byte[] proven;
    try {
      JsonRecord record = JsonRecord.parse(KEY.value(), content, FORMAT);
      proven = sealer.open(ObjectKind.PROOF, KEY.value(), record.parsed("proof", Base64.getDecoder()::decode));
    } catch (MalformedRecordException | NewerRecordException e) {
      throw new UnreadableException.Damaged(KEY.value(), "has no proof: " + e.getMessage(), e);
    }
    if (!Arrays.equals(proven, fields().toBytes())) {
      throw new UnreadableException.Damaged(KEY.value(), "does not say what its proof says: it was changed");
    }
  }
}
