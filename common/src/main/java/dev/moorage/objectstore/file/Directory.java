package dev.moorage.objectstore.file;

import dev.moorage.record.Directories;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/** The directories between the root and its objects, which come with the first object in them and go with the last one. */
final class Directory {

  private Directory() {}

  /** The directory that a path below the root is in. */
  static Path of(Path path) {
    return Objects.requireNonNull(path.getParent());
  }

  /** Makes the directory and those above it up to the root, not durably; the root itself is never made. Deletes may remove it again at any time. */
  static void make(Path root, Path directory) throws IOException {
    if (directory.equals(root) || Files.isDirectory(directory)) {
      return;
    }
    make(root, of(directory));
    try {
      Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (FileAlreadyExistsException e) {
      // Gone again: whoever needs it finds that out, and makes it anew.
      if (Files.isDirectory(directory) || !Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
        return;
      }
      throw e;
    }
  }

  /** Makes durable what was entered in the directory, and its own name, and so on up to the root. */
  static void flushFrom(Path root, Path directory) throws IOException {
    Path each = directory;
    while (true) {
      try {
        Directories.flush(each);
      } catch (NoSuchFileException e) {
        // Removed meanwhile, with what was to be made durable; that it is gone is for the one above.
        if (each.equals(root)) {
          throw e;
        }
      }
      if (each.equals(root)) {
        return;
      }
      each = of(each);
    }
  }

  /** Removes the directory, and those above it, as far as they are empty; where it stopped. */
  static Path removeEmpty(Path root, Path directory) throws IOException {
    Path each = directory;
    while (!each.equals(root)) {
      try {
        Files.deleteIfExists(each);
      } catch (DirectoryNotEmptyException e) {
        return each;
      }
      each = of(each);
    }
    return root;
  }
}
