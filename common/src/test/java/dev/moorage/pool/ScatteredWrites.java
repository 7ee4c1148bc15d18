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
  private static final int BATCH = 256;

  private ScatteredWrites() {}

  /** Writes {@code one} and {@code two}; the first bytes of each block are its number. */
  static void fill(Path directory, long bytesEach) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BLOCK_BYTES);
    try (FileChannel one = open(directory.resolve("one")); FileChannel two = open(directory.resolve("two"))) {
      int count = 0;
      for (int block : shuffled((int) (bytesEach / BLOCK_BYTES))) {
        buffer.putInt(0, block);
        one.write(buffer.rewind(), (long) block * BLOCK_BYTES);
        two.write(buffer.rewind(), (long) block * BLOCK_BYTES);
        // Neighbours are seldom in one batch, so that each block is placed by itself.
        if (++count % BATCH == 0) {
          one.force(false);
          two.force(false);
        }
      }
      one.force(true);
      two.force(true);
    }
  }

  /** Whether every block that {@link #fill} wrote says its number. */
  static boolean areWhole(Path directory, long bytesEach) throws IOException {
    return isWhole(directory.resolve("one"), bytesEach) && isWhole(directory.resolve("two"), bytesEach);
  }

  private static boolean isWhole(Path file, long bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BLOCK_BYTES);
    try (FileChannel channel = FileChannel.open(file)) {
      for (int block = 0; block < bytes / BLOCK_BYTES; block++) {
        channel.read(buffer.rewind(), (long) block * BLOCK_BYTES);
        if (buffer.getInt(0) != block) {
          return false;
        }
      }
    }
    return true;
  }

  private static int[] shuffled(int count) {
    int[] blocks = new int[count];
    Random random = new Random(1);
    for (int i = 0; i < count; i++) {
      int other = random.nextInt(i + 1);
      blocks[i] = blocks[other];
      blocks[other] = i;
    }
    return blocks;
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }
}
