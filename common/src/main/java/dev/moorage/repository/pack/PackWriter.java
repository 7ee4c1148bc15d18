package dev.moorage.repository.pack;

import dev.moorage.repository.key.KeyRing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.SecureRandom;
import java.util.zip.CRC32C;

/**
 * Writes one pack to a file, blob after blob.
 *
 * <p>Several threads share the work like this: one calls {@link #reserve}, which says which ordinal the next blob has; any thread
 * seals the blob with that ordinal by its own {@link BlobSealer}; one calls {@link #append} in the order of the ordinals. When there
 * is one thread, {@link #add} does all three. When {@link #fits} says no, or nothing more comes: {@link #finish}.
 *
 * <p>Nothing is flushed to disk; that is up to the owner of the file. A writer that failed is thrown away together with its file,
 * and its name is never used again. Safe for several threads.
 */
public final class PackWriter {

  /** The largest text that packs are made for: a part of a root. */
  public static final int PLAIN_LENGTH_MAX = 4 << 20;

  /** The size of packs in use. */
  public static final int TARGET_BYTES = 32 << 20;

  private final PackKind kind;
  private final PackSeal seal;
  private final WritableByteChannel spool;
  private final int targetBytes;
  private final CRC32C checksum = new CRC32C();
  private final ByteArrayOutputStream entries = new ByteArrayOutputStream();

  private int reserved;
  private long reservedBytesMax;
  private int appended;
  private long appendedBytes;
  private boolean finished;

  private PackWriter(PackSeal seal, PackKind kind, WritableByteChannel spool, int targetBytes) {
    this.seal = seal;
    this.kind = kind;
    this.spool = spool;
    this.targetBytes = targetBytes;
  }

  /**
   * Begins a pack under the ring's newest epoch and writes its header.
   *
   * @param name drawn by {@link PackName#random} for this writer and no other
   * @param spool empty; the writer only adds to it and does not close it
   * @param targetBytes no pack grows larger, unless its first blob alone does
   */
  public static PackWriter begin(KeyRing ring, PackName name, PackKind kind, WritableByteChannel spool, int targetBytes)
      throws IOException {
    PackWriter writer = new PackWriter(PackSeal.of(ring, name, ring.epoch()), kind, spool, targetBytes);
    writer.write(PackHeader.encode(ring, name, kind));
    return writer;
  }

  /** Its name. */
  public PackName name() {
    return seal.name();
  }

  /** What {@link BlobSealer#seal} needs. */
  public PackSeal seal() {
    return seal;
  }

  /** Whether a blob with a text of this length may still be reserved. The first one always may. */
  public synchronized boolean fits(int plainLength) {
    long more = (long) plainLength + PackFormat.BLOB_OVERHEAD_BYTES;
    return reserved == 0 || PackFormat.packBytes(reserved + 1, appendedBytes + reservedBytesMax + more) <= targetBytes;
  }

  /** The ordinal of the next blob. It must be sealed and appended, or the writer be thrown away. */
  public synchronized int reserve(int plainLength) {
    checkOpen();
    reservedBytesMax += (long) plainLength + PackFormat.BLOB_OVERHEAD_BYTES;
    return reserved++;
  }

  /** Writes the next blob and says where it is. */
  public synchronized BlobRef append(SealedBlob blob) throws IOException {
    checkOpen();
    if (!blob.pack().equals(name()) || blob.ordinal() != appended || appended >= reserved) {
      throw new IllegalStateException("BUG: " + blob.pack() + " blob " + blob.ordinal() + " is not the blob " + appended + " of " + name());
    }
    BlobRef ref = new BlobRef(name(), appended, Math.toIntExact(offset()), blob.length(), blob.plainLength());
    write(ByteBuffer.wrap(blob.bytes, 0, blob.length()));
    entries.writeBytes(PackEntry.encode(blob.id(), ref));
    reservedBytesMax -= (long) blob.plainLength() + PackFormat.BLOB_OVERHEAD_BYTES;
    appendedBytes += blob.length();
    appended++;
    return ref;
  }

  /** Seals and appends a text: for writers that have one thread. */
  public BlobRef add(BlobSealer sealer, BlobId id, byte[] text, int offset, int length, SealedBlob buffer) throws IOException {
    sealer.seal(seal, reserve(length), id, text, offset, length, buffer);
    return append(buffer);
  }

  /** Writes footer and trailer. Every reserved blob must have been appended. */
  public synchronized FinishedPack finish(BlobSealer sealer) throws IOException {
    checkOpen();
    if (appended != reserved) {
      throw new IllegalStateException("BUG: " + name() + " has " + (reserved - appended) + " blobs that were not appended");
    }
    finished = true;
    byte[] text = entries.toByteArray();
    SealedBlob footer = new SealedBlob(text.length);
    long footerOffset = offset();
    sealer.seal(seal, PackFormat.FOOTER_ORDINAL, new BlobId(0, 0), text, 0, text.length, footer);
    write(ByteBuffer.wrap(footer.bytes, 0, footer.length()));
    write(ByteBuffer.allocate(PackFormat.TRAILER_BYTES)
        .putInt(Math.toIntExact(footerOffset)).putInt(footer.length()).putLong(PackFormat.TRAILER_MAGIC).flip());
    long bytes = footerOffset + footer.length() + PackFormat.TRAILER_BYTES;
    return new FinishedPack(name(), kind, bytes, appended, (int) checksum.getValue());
  }

  private long offset() {
    return PackFormat.HEADER_BYTES + appendedBytes;
  }

  private void checkOpen() {
    if (finished) {
      throw new IllegalStateException("BUG: " + name() + " is finished");
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    checksum.update(bytes.duplicate());
    while (bytes.hasRemaining()) {
      spool.write(bytes);
    }
  }
}
