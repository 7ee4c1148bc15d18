package dev.moorage.pool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/** Two sparse images filled at once in the worst way for the filesystem's maps: single blocks, in no order, taking turns. */
final class ScatteredWrites {

  private static final int BLOCK_BYTES = 4096;

  private ScatteredWrites() {}

  static void fill(Path directory, long bytesEach) throws IOException {
    int[] blocks = new int[(int) (bytesEach / BLOCK_BYTES)];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = i;
    }
    Random random = new Random(1);
    for (int i = blocks.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int block = blocks[i];
      blocks[i] = blocks[other];
      blocks[other] = block;
    }
    ByteBuffer buffer = ByteBuffer.allocateDirect(BLOCK_BYTES);
    try (FileChannel one = open(directory.resolve("one")); FileChannel two = open(directory.resolve("two"))) {
      for (int block : blocks) {
        one.write(buffer.rewind(), (long) block * BLOCK_BYTES);
        two.write(buffer.rewind(), (long) block * BLOCK_BYTES);
      }
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.DSYNC);
  }
}
