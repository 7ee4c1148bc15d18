package dev.moorage.repository.backup;

import dev.moorage.linux.DirectFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * An image in a file. It is read past the page cache where the filesystem can do that: a backup takes less time so, and does not push out
 * what databases have cached.
 */
final class FileImage implements ImageSource {

  private final Path image;
  private final FileChannel channel;
  private final long size;
  private final int alignment;

  private FileImage(Path image, FileChannel channel, long size, int alignment) {
    this.image = image;
    this.channel = channel;
    this.size = size;
    this.alignment = alignment;
  }

  /** {@code unit}: what is read begins at multiples of it. */
  static FileImage open(Path image, int unit) throws IOException {
    Optional<DirectFile> direct = DirectFile.open(image, unit, StandardOpenOption.READ);
    if (direct.isPresent()) {
      return new FileImage(image, direct.get().channel(), direct.get().channel().size(), direct.get().grain());
    }
    FileChannel channel = FileChannel.open(image, StandardOpenOption.READ);
    return new FileImage(image, channel, channel.size(), 1);
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public ImageSource.Reader reader(int lengthMax) {
    return new Reader(lengthMax);
  }

  /** Reads pieces, and holds one. */
  private final class Reader implements ImageSource.Reader {

    private final ByteBuffer buffer;

    private Reader(int lengthMax) {
      this.buffer = DirectFile.buffer(lengthMax, alignment);
    }

    @Override
    public void read(long offset, byte[] into, int length) throws IOException {
      // Whole grains; behind the end of the image there is nothing to read.
      buffer.clear().limit(DirectFile.wholeGrains(length, alignment));
      while (buffer.position() < length) {
        if (channel.read(buffer, offset + buffer.position()) < 0) {
          throw new EOFException("read " + image + ": it became shorter while it was backed up");
        }
      }
      buffer.get(0, into, 0, length);
    }
  }

  @Override
  public String toString() {
    return image.toString();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
