package dev.moorage.repository.backup;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The image that is backed up; it does not change meanwhile. Safe for use by several threads. */
final class ImageSource implements AutoCloseable {

  private final Path image;
  private final FileChannel channel;
  private final long size;

  private ImageSource(Path image, FileChannel channel, long size) {
    this.image = image;
    this.channel = channel;
    this.size = size;
  }

  static ImageSource open(Path image) throws IOException {
    FileChannel channel = FileChannel.open(image, StandardOpenOption.READ);
    return new ImageSource(image, channel, channel.size());
  }

  long size() {
    return size;
  }

  /** Reads {@code length} bytes, all of which the image has. */
  void read(long offset, byte[] into, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(into, 0, length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, offset + buffer.position()) < 0) {
        throw new EOFException("read " + image + ": it became shorter while it was backed up");
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
