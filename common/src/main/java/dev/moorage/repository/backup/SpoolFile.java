package dev.moorage.repository.backup;

import dev.moorage.linux.DirectFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A file that a pack is written into, from its first byte to its last, past the page cache where the filesystem can do that: it is sent
 * soon, and read once for that. Nothing is in the file for certain before {@link #finish}. One thread.
 */
final class SpoolFile implements WritableByteChannel {

  /** At least what the kernel asks a disk for at once. */
  private static final int CHUNK_BYTES = 512 << 10;
  /** How the memory is aligned: as the filesystems with the largest blocks want it. */
  private static final int UNIT = 64 << 10;

  private final Path path;
  private final FileChannel channel;
  private final int grain;
  private final ByteBuffer chunk;
  private long written;

  private SpoolFile(Path path, FileChannel channel, int grain, ByteBuffer chunk) {
    this.path = path;
    this.channel = channel;
    this.grain = grain;
    this.chunk = chunk.clear();
  }

  /** Memory for one file after the other. */
  static ByteBuffer chunk() {
    return DirectFile.buffer(CHUNK_BYTES, UNIT);
  }

  /** Makes the file, which must not exist. {@code chunk} is used until it is closed. */
  static SpoolFile create(Path path, ByteBuffer chunk) throws IOException {
    Files.createFile(path);
    try {
      Optional<DirectFile> direct = DirectFile.open(path, UNIT, StandardOpenOption.WRITE);
      return direct.isPresent() ? new SpoolFile(path, direct.get().channel(), direct.get().grain(), chunk)
          : new SpoolFile(path, FileChannel.open(path, StandardOpenOption.WRITE), 1, chunk);
    } catch (IOException e) {
      Files.deleteIfExists(path);
      throw e;
    }
  }

  Path path() {
    return path;
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    int length = bytes.remaining();
    while (bytes.hasRemaining()) {
      int count = Math.min(bytes.remaining(), chunk.remaining());
      chunk.put(bytes.slice(bytes.position(), count));
      bytes.position(bytes.position() + count);
      if (!chunk.hasRemaining()) {
        drain();
      }
    }
    return length;
  }

  private void drain() throws IOException {
    chunk.flip();
    while (chunk.hasRemaining()) {
      written += channel.write(chunk, written);
      // A call that did less ends at a whole grain, unless the disk is full, which the next one tells.
    }
    chunk.clear();
  }

  /** Writes what is left and closes the file, which has every byte now. */
  void finish() throws IOException {
    int rest = chunk.position();
    long length = written + rest;
    // Whole grains; what is too much is cut off again.
    while (chunk.position() % grain != 0) {
      chunk.put((byte) 0);
    }
    drain();
    if (written != length) {
      channel.truncate(length);
    }
    channel.close();
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  /** Closes the file as it is. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
