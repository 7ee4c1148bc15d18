package dev.moorage.repository.pack;

import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.key.KeyRing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads packs as a whole, to check or to salvage them; single blobs are read by {@link BlobOpener} alone. One thread at a time.
 */
public final class PackReader implements AutoCloseable {

  private final KeyRing ring;
  private final BlobOpener opener;

  /** A reader of packs whose epoch the ring has. */
  public PackReader(KeyRing ring) {
    this.ring = ring;
    this.opener = new BlobOpener(ring);
  }

  /** Checks the header and says what kind of pack it is. */
  public PackKind kind(PackName name, PackSource source) throws IOException {
    long length = source.length();
    byte[] header = new byte[(int) Math.min(length, PackFormat.HEADER_BYTES)];
    source.read(0, header);
    return PackHeader.decode(ring, name, header).kind();
  }

  /** What the footer says is in the pack, in the order of the blobs. Two reads. */
  public List<PackEntry> footer(PackName name, PackSource source) throws IOException {
    Trailer trailer = trailer(name, source);
    byte[] sealed = new byte[trailer.footerLength];
    source.read(trailer.footerOffset, sealed);
    BlobHeader header = BlobHeader.read(sealed, 0);
    // An entry has no more bytes than its blob's header and tag, so a longer text cannot be genuine and is not made room for.
    if (header.ordinal() != PackFormat.FOOTER_ORDINAL || header.sealedLength() != sealed.length
        || header.plainLength() < 0 || header.plainLength() > trailer.footerOffset
        || header.plainLength() % PackFormat.ENTRY_BYTES != 0) {
      throw new UnreadableException.Damaged(name + " footer", "is damaged");
    }
    byte[] text = new byte[header.plainLength()];
    opener.open(name, name + " footer", header, sealed, 0, text, 0);
    return entries(name, ByteBuffer.wrap(text), trailer.footerOffset);
  }

  private record Trailer(int footerOffset, int footerLength) {}

  private static Trailer trailer(PackName name, PackSource source) throws IOException {
    long length = source.length();
    long least = PackFormat.packBytes(0, 0);
    if (length < least) {
      throw new UnreadableException.Truncated(name.key(), length, least);
    }
    byte[] bytes = new byte[PackFormat.TRAILER_BYTES];
    source.read(length - bytes.length, bytes);
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    Trailer trailer = new Trailer(buffer.getInt(), buffer.getInt());
    if (buffer.getLong() != PackFormat.TRAILER_MAGIC) {
      throw new UnreadableException.Damaged(name + " trailer", "is damaged, or the pack is cut short");
    }
    if (trailer.footerOffset < PackFormat.HEADER_BYTES || trailer.footerLength < PackFormat.BLOB_OVERHEAD_BYTES
        || (long) trailer.footerOffset + trailer.footerLength + PackFormat.TRAILER_BYTES != length) {
      throw new UnreadableException.Damaged(name + " trailer", "does not fit the pack's length of " + length + " bytes");
    }
    return trailer;
  }

  private static List<PackEntry> entries(PackName name, ByteBuffer from, int footerOffset) throws UnreadableException {
    List<PackEntry> entries = new ArrayList<>();
    int offset = PackFormat.HEADER_BYTES;
    try {
      while (from.hasRemaining()) {
        PackEntry entry = PackEntry.decode(name, from);
        if (entry.ref().ordinal() != entries.size() || entry.ref().offset() != offset) {
          throw new IllegalArgumentException("blob " + entries.size() + " is not where it must be");
        }
        offset = entry.ref().end();
        entries.add(entry);
      }
    } catch (IllegalArgumentException e) {
      throw new UnreadableException.Damaged(name + " footer", "is wrong: " + e.getMessage(), e);
    }
    if (offset != footerOffset) {
      throw new UnreadableException.Damaged(name + " footer", "does not tell all blobs");
    }
    return entries;
  }

  /**
   * Finds the blobs without the help of the footer, by going from header to header, and reads each whole: the way to salvage a pack
   * whose end is gone. It stops at the first blob that is not genuine, and gives out those before it.
   */
  public List<PackEntry> walk(PackName name, PackSource source) throws IOException {
    List<PackEntry> entries = new ArrayList<>();
    kind(name, source);
    long length = source.length();
    int offset = PackFormat.HEADER_BYTES;
    byte[] head = new byte[PackFormat.BLOB_HEADER_BYTES];
    while (length - offset >= PackFormat.BLOB_OVERHEAD_BYTES) {
      source.read(offset, head);
      BlobHeader header = BlobHeader.read(head, 0);
      if (header.ordinal() != entries.size() || header.sealedLength() < PackFormat.BLOB_OVERHEAD_BYTES
          || header.sealedLength() > length - offset || header.plainLength() < 0
          || header.plainLength() > PackWriter.PLAIN_LENGTH_MAX) {
        return entries;
      }
      BlobRef ref = new BlobRef(name, header.ordinal(), offset, header.sealedLength(), header.plainLength());
      try {
        entries.add(new PackEntry(read(ref, source), ref));
      } catch (UnreadableException e) {
        return entries;
      }
      offset = ref.end();
    }
    return entries;
  }

  /** Reads one blob to the end and says its id. */
  public BlobId read(BlobRef ref, PackSource source) throws IOException {
    byte[] text = text(ref, source);
    return opener.id(text, 0, text.length);
  }

  /** The text of one blob. */
  public byte[] text(BlobRef ref, PackSource source) throws IOException {
    if (ref.end() > source.length()) {
      throw new UnreadableException.Truncated(ref.toString(), source.length() - ref.offset(), ref.sealedLength());
    }
    byte[] sealed = new byte[ref.sealedLength()];
    source.read(ref.offset(), sealed);
    byte[] text = new byte[ref.plainLength()];
    opener.open(ref, sealed, 0, text, 0);
    return text;
  }

  @Override
  public void close() {
    opener.close();
  }
}
