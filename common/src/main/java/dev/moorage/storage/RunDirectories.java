package dev.moorage.storage;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Directories below the run directory: mode 0700, gone with the machine, so never flushed. */
final class RunDirectories {

  private RunDirectories() {}

  /** Makes the directory and those above it; existing ones keep their mode. */
  static void make(Path directory) throws IOException {
    Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /** Removes a mount point that nothing is mounted on any more; one that holds something stays. */
  static void removeEmpty(Path directory) throws IOException {
    try {
      Files.deleteIfExists(directory);
    } catch (DirectoryNotEmptyException | NoSuchFileException _) {
      // What is in it was not made by us, or another one was faster: either way nothing is left to do.
    }
  }
}
