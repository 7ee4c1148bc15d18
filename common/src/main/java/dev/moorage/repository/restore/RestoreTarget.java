package dev.moorage.repository.restore;

import dev.moorage.linux.DirectFile;
import dev.moorage.linux.RangeClaims;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The file that a snapshot is restored into. It reads as zeros where nothing was written, and is at least as large as the volume; what
 * is zeros stays a hole. It is written past the page cache where the filesystem can do that and can claim room beforehand. Claiming is for
 * one thread, all else is safe for use by several.
 */
final class RestoreTarget implements AutoCloseable {

  private final FileChannel cached;
  private final RangeClaims claims;
  private final @Nullable DirectFile opened;
  /** Where to write; null when that is {@link #cached}. */
  private volatile @Nullable DirectFile direct;

  private RestoreTarget(FileChannel cached, RangeClaims claims, @Nullable DirectFile direct) {
    this.cached = cached;
    this.claims = claims;
    this.opened = direct;
    this.direct = direct;
  }

  /** {@code blockBytes}: what is written begins at multiples of it. */
  static RestoreTarget open(Path file, int blockBytes) throws IOException {
    RangeClaims claims = RangeClaims.open(file);
    try {
      FileChannel cached = FileChannel.open(file, StandardOpenOption.WRITE);
      return new RestoreTarget(cached, claims, DirectFile.open(file, blockBytes, StandardOpenOption.WRITE).orElse(null));
    } catch (IOException e) {
      claims.close();
      throw e;
    }
  }

  /** Whether it is written past the page cache. */
  boolean isDirect() {
    return direct != null;
  }

  /** How the memory is aligned that is written fastest from. */
  int grain() {
    DirectFile file = opened;
    return file == null ? 1 : file.grain();
  }

  /** Makes sure that a range that is written piece by piece, and all of it, becomes one extent if there is room for one. */
  void claim(long offset, long length) throws IOException {
    // The page cache gathers the pieces before it asks for room.
    if (isDirect() && !claims.claim(offset, length)) {
      direct = null;
    }
  }

  /** Writes what remains of the buffer, which is a direct one whose first byte is aligned to {@link #grain}. */
  void write(long offset, ByteBuffer bytes) throws IOException {
    DirectFile file = direct;
    int end = bytes.limit();
    if (file != null) {
      // The last block of a volume may end anywhere; what is left of it is behind the last whole grain.
      int whole = bytes.remaining() / file.grain() * file.grain();
      write(file.channel(), offset, bytes.limit(bytes.position() + whole));
      offset += whole;
    }
    write(cached, offset, bytes.limit(end));
  }

  private static void write(FileChannel channel, long offset, ByteBuffer bytes) throws IOException {
    long from = offset - bytes.position();
    while (bytes.hasRemaining()) {
      channel.write(bytes, from + bytes.position());
    }
  }

  /** Makes everything durable that was written. */
  void flush() throws IOException {
    cached.force(false);
  }

  @Override
  public void close() throws IOException {
    try (cached; claims) {
      if (opened != null) {
        opened.channel().close();
      }
    }
  }
}
