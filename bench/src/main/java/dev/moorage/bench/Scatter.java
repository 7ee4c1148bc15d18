package dev.moorage.bench;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Rewrites a part of the 4 KiB blocks of all files below a directory with random bytes, chosen at random. The same seed changes two copies
 * of a directory in the same way. Prints how many bytes it wrote.
 */
final class Scatter {

  private static final int BLOCK = 4096;

  private Scatter() {}

  /** Arguments: the directory, the part in tenths of a percent, the seed. */
  public static void main(String[] arguments) throws IOException {
    Path root = Path.of(arguments[0]);
    int perMille = Integer.parseInt(arguments[1]);
    long seed = Long.parseLong(arguments[2]);
    long written = 0;
    for (Path file : files(root)) {
      // A generator for each file: what happens to one does not depend on the others.
      written += rewrite(file, perMille, new SplittableRandom(seed ^ (long) root.relativize(file).toString().hashCode() << 32));
    }
    System.out.println(written);
  }

  /** In an order that does not depend on the filesystem, and of a file with several names only the first. */
  private static List<Path> files(Path root) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(root, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (attributes.isRegularFile() && attributes.size() > 0) {
          files.add(file);
        }
        return FileVisitResult.CONTINUE;
      }
    });
    Collections.sort(files);
    Set<Object> seen = new HashSet<>();
    List<Path> once = new ArrayList<>();
    for (Path file : files) {
      if (seen.add(Files.getAttribute(file, "unix:ino"))) {
        once.add(file);
      }
    }
    return once;
  }

  private static long rewrite(Path path, int perMille, SplittableRandom random) throws IOException {
    long size = Files.size(path);
    long written = 0;
    byte[] block = new byte[BLOCK];
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      for (long offset = 0; offset < size; offset += BLOCK) {
        if (random.nextInt(1000) < perMille) {
          random.nextBytes(block);
          file.seek(offset);
          int length = (int) Math.min(BLOCK, size - offset);
          file.write(block, 0, length);
          written += length;
        }
      }
    }
    return written;
  }
}
