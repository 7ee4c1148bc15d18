package dev.moorage.repository.restore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file that a snapshot is restored into. It reads as zeros where nothing was written, and is at least as large as the volume; what
 * is zeros stays a hole. Safe for use by several threads.
 */
final class RestoreTarget implements AutoCloseable {

  private final FileChannel channel;

  private RestoreTarget(FileChannel channel) {
    this.channel = channel;
  }

  static RestoreTarget open(Path file) throws IOException {
    return new RestoreTarget(FileChannel.open(file, StandardOpenOption.WRITE));
  }

  void write(long offset, byte[] bytes, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
    while (buffer.hasRemaining()) {
      channel.write(buffer, offset + buffer.position());
    }
  }

  /** Makes everything durable that was written. */
  void flush() throws IOException {
    channel.force(false);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
