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
  static FileImage open(Path image, int unit) throws IOException {
    long grain = Files.getFileStore(image).getBlockSize();
    Optional<OpenOption> direct = direct();
    if (direct.isPresent() && unit % grain == 0) {
      try {
        return open(image, Math.toIntExact(grain), StandardOpenOption.READ, direct.get());
      } catch (IOException e) {
        System.getLogger(FileImage.class.getName()).log(System.Logger.Level.DEBUG, image + " is read through the page cache", e);
      }
    }
    return open(image, 1, StandardOpenOption.READ);
  }

  private static FileImage open(Path image, int alignment, OpenOption... options) throws IOException {
    FileChannel channel = FileChannel.open(image, options);
    return new FileImage(image, channel, channel.size(), alignment);
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
      int room = Math.ceilDiv(lengthMax, alignment) * alignment;
      this.buffer = ByteBuffer.allocateDirect(room + alignment - 1).alignedSlice(alignment);
    }

    @Override
    public void read(long offset, byte[] into, int length) throws IOException {
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
  public String toString() {
    return image.toString();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
