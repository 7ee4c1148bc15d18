package dev.moorage.repository.backup;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/**
 * The image that is backed up; it does not change meanwhile. It is read past the page cache where the filesystem can do that: a backup
 * takes less time so, and does not push out what databases have cached. Safe for use by several threads, each with its {@link Reader}.
 */
final class ImageSource implements AutoCloseable {

  private final Path image;
  private final FileChannel channel;
  private final long size;
  private final int alignment;

  private ImageSource(Path image, FileChannel channel, long size, int alignment) {
    this.image = image;
    this.channel = channel;
    this.size = size;
    this.alignment = alignment;
  }

  /** The JDK's option for it, which the compiler calls internal although every JDK has it; empty where one does not. */
  private static Optional<OpenOption> direct() {
    try {
      Object[] options = Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants();
      return Arrays.stream(options).filter(each -> each.toString().equals("DIRECT")).map(OpenOption.class::cast).findFirst();
    } catch (ClassNotFoundException _) {
      return Optional.empty();
    }
  }

  /** {@code unit}: what is read begins at multiples of it. */
  static ImageSource open(Path image, int unit) throws IOException {
    long grain = Files.getFileStore(image).getBlockSize();
    Optional<OpenOption> direct = direct();
    if (direct.isPresent() && unit % grain == 0) {
      try {
        return open(image, Math.toIntExact(grain), StandardOpenOption.READ, direct.get());
      } catch (IOException e) {
        System.getLogger(ImageSource.class.getName()).log(System.Logger.Level.DEBUG, image + " is read through the page cache", e);
      }
    }
    return open(image, 1, StandardOpenOption.READ);
  }

  private static ImageSource open(Path image, int alignment, OpenOption... options) throws IOException {
    FileChannel channel = FileChannel.open(image, options);
    return new ImageSource(image, channel, channel.size(), alignment);
  }

  long size() {
    return size;
  }

  /** A reader of pieces of at most that many bytes. One thread at a time. */
  Reader reader(int lengthMax) {
    return new Reader(lengthMax);
  }

  /** Reads pieces, and holds one. */
  final class Reader {

    private final ByteBuffer buffer;

    private Reader(int lengthMax) {
      int room = Math.ceilDiv(lengthMax, alignment) * alignment;
      this.buffer = ByteBuffer.allocateDirect(room + alignment - 1).alignedSlice(alignment);
    }

    /** Reads {@code length} bytes, all of which the image has. */
    void read(long offset, byte[] into, int length) throws IOException {
      // Whole grains; behind the end of the image there is nothing to read.
      buffer.clear().limit(Math.ceilDiv(length, alignment) * alignment);
      while (buffer.position() < length) {
        if (channel.read(buffer, offset + buffer.position()) < 0) {
          throw new EOFException("read " + image + ": it became shorter while it was backed up");
        }
      }
      buffer.get(0, into, 0, length);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
