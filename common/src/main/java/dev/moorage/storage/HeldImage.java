package dev.moorage.storage;

import dev.moorage.linux.FileOps;
import dev.moorage.record.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A second name for the blocks of a snapshot's image, sealed like it: it keeps them when the snapshot goes. */
final class HeldImage {

  private static final String SEALED = "r--------";

  private HeldImage() {}

  /** Makes {@code target} hold what the image holds; durable on return. */
  static void hold(Path image, Path target) throws IOException {
    Path unfinished = target.resolveSibling(target.getFileName() + ".new");
    Files.deleteIfExists(unfinished);
    FileOps.reflink(image, unfinished);
    Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString(SEALED));
    FileOps.fsync(unfinished);
    Directories.move(unfinished, target);
  }
}
