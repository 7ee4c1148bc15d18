package dev.moorage.filesystem;

import dev.moorage.process.CommandFailed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A check found something wrong, or could not look because the journal has changes that are not in place yet; or an image does
 * not hold the filesystem that it must.
 */
public final class UnsoundFilesystem extends IOException {

  private static final int LINES_SHOWN_MAX = 20;

  private UnsoundFilesystem(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  static UnsoundFilesystem saidBy(String checker, Path image, CommandFailed failure) {
    String words = (failure.output() + "\n" + failure.errorOutput()).lines()
        .filter(line -> !line.isBlank())
        .limit(LINES_SHOWN_MAX)
        .collect(Collectors.joining("; "));
    return new UnsoundFilesystem("check " + image + ": " + checker + " says: " + words, failure);
  }

  static UnsoundFilesystem becauseOfJournal(String filesystem, Path image) {
    return new UnsoundFilesystem("check " + image + ": this " + filesystem + " was not unmounted, so its journal has changes"
        + " that a check without repair cannot see; mount and unmount it (or a clone of it) first", null);
  }

  static UnsoundFilesystem notXfs(Path image) {
    return new UnsoundFilesystem(image + " holds no XFS filesystem", null);
  }
}
