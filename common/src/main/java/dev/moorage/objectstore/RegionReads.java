package dev.moorage.objectstore;

import dev.moorage.linux.DirectFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Opens regions of files: large ones, which hardly anybody reads twice, past the page cache. Keeps the memory for that from one stream to
 * the next. Safe for use by several threads.
 */
public final class RegionReads {

  /** Less is what is read again soon, such as maps and footers. */
  private static final long DIRECT_BYTES_MIN = 1 << 20;
  /** At least what the kernel asks a disk for at once. */
  private static final int CHUNK_BYTES = 512 << 10;
  /** How the memory is aligned: as the filesystems with the largest blocks want it. */
  private static final int UNIT = 64 << 10;
  /** As many as a restore has streams. */
  private static final int KEPT_MAX = 16;

  private final Deque<ByteBuffer> free = new ArrayDeque<>();

  /** Refuses a symbolic link, as it does a file that is not there. */
  public InputStream open(Path file, long offset, long length) throws IOException {
    if (length >= DIRECT_BYTES_MIN) {
      Optional<DirectFile> direct = DirectFile.open(file, UNIT, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
      if (direct.isPresent()) {
        return new DirectRegion(direct.get(), file.toString(), offset, length, this);
      }
    }
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    return new RegionStream(channel, file.toString(), offset, length);
  }

  /** Memory for whole grains. */
  synchronized ByteBuffer take() {
    return free.isEmpty() ? DirectFile.buffer(CHUNK_BYTES, UNIT) : free.pop();
  }

  /** Nobody uses it any more. */
  synchronized void give(ByteBuffer chunk) {
    if (free.size() < KEPT_MAX) {
      free.push(chunk);
    }
  }
}
