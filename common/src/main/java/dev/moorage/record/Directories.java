package dev.moorage.record;

import dev.moorage.failpoint.Failpoint;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * Changes of directories that survive a power cut: when a method returns, so does its effect, because every directory whose
 * entries it changed was flushed. Symbolic links are never followed. Safe for use by several threads on different paths.
 */
public final class Directories {

  private Directories() {}

  /** Makes the directory with mode 0700 when it is absent; its parent must exist. An existing one keeps its mode. */
  public static void create(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }
    flush(parent(directory));
  }

  /**
   * Renames a file or directory within one filesystem. An empty directory or a file in the target's place is replaced.
   *
   * @throws java.nio.file.NoSuchFileException when the source is absent
   * @throws java.nio.file.AtomicMoveNotSupportedException when the target is on another filesystem
   */
  public static void move(Path source, Path target) throws IOException {
    // 1. One rename: whoever looks sees the old or the new place, never both and never none.
    Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
    Failpoint.DIRECTORY_MOVED.reach();
    // 2. The new entry before the loss of the old one, for filesystems that flush directories one by one.
    flush(parent(target));
    // 3. The old entry is gone.
    if (!parent(source).equals(parent(target))) {
      flush(parent(source));
    }
  }

  /** Removes a file or a directory with everything in it; absent is success. Not atomic: killed in the middle, call it again. */
  public static void deleteTree(Path tree) throws IOException {
    try {
      Files.walkFileTree(tree, new Deleting());
    } catch (NoSuchFileException e) {
      if (Files.exists(tree)) {
        throw e;
      }
    }
    flush(parent(tree));
  }

  /** Flushes the entries of a directory (fsync). */
  public static void flush(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  static Path parent(Path path) {
    Path parent = path.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException(path + " has no parent directory");
    }
    return parent;
  }

  private static final class Deleting extends SimpleFileVisitor<Path> {

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.deleteIfExists(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
