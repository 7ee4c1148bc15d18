package dev.moorage.backend.image;

import dev.moorage.failpoint.Failpoint;
import dev.moorage.filesystem.Filesystem;
import dev.moorage.linux.FileOps;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Images that are formatted once and then copied: a copy of their few hundred KiB of data costs milliseconds, mkfs a hundred.
 * Copied and not shared, because XFS looks up at each write into a file that ever shared a block whether this one is shared, and a
 * volume without snapshots need not pay for that. One per filesystem, size and way of formatting, named
 * {@code FILESYSTEM-BYTES-vN}; a few are kept, the least recently used one goes first. A template is built under another name
 * ({@code *.new}) and renamed when it is whole, checked and durable, so whatever has a template's name can be trusted. Copies do
 * not depend on it.
 *
 * <p>Safe for use by several threads: copying takes no lock, and one template is made at a time.
 */
final class Templates {

  /** To be raised whenever {@link Filesystem#make} formats differently: old templates are then left to be dropped. */
  private static final int VERSION = 1;
  private static final int KEPT_MAX = 16;
  /** A template can be dropped between its making and its use, by others who make theirs. */
  private static final int ATTEMPTS_MAX = 5;
  private static final String UNFINISHED = ".new";

  private final Path directory;
  private final Clock clock;
  private final ReentrantLock making = new ReentrantLock();

  Templates(Path directory, Clock clock) {
    this.directory = directory;
    this.clock = clock;
  }

  /** Makes the image a freshly formatted one; it must not exist. Not durable before a flush. */
  void copyInto(Image image, Filesystem filesystem, long bytes) throws IOException {
    Path template = directory.resolve(filesystem.type().word() + "-" + bytes + "-v" + VERSION);
    for (int attempt = 1; ; attempt++) {
      if (!Files.exists(template)) {
        make(template, filesystem, bytes);
      }
      try {
        Files.setLastModifiedTime(template, FileTime.from(clock.instant()));
        image.makeCopyOf(template);
        return;
      } catch (IOException e) {
        if (Files.exists(template) || attempt == ATTEMPTS_MAX) {
          throw e;
        }
      }
    }
  }

  private void make(Path template, Filesystem filesystem, long bytes) throws IOException {
    making.lock();
    try {
      if (Files.exists(template)) {
        return;
      }
      removeUnfinished();
      Path unfinished = directory.resolve(template.getFileName() + "-" + UUID.randomUUID() + UNFINISHED);
      try {
        format(new Image(unfinished), filesystem, bytes);
        Failpoint.IMAGE_TEMPLATE_MADE.reach();
        Files.move(unfinished, template);
      } finally {
        Files.deleteIfExists(unfinished);
      }
      Failpoint.IMAGE_TEMPLATE_RENAMED.reach();
      FileOps.fsync(directory);
      dropLeastRecentlyUsed();
    } finally {
      making.unlock();
    }
  }

  private static void format(Image image, Filesystem filesystem, long bytes) throws IOException {
    image.makeSparse(bytes);
    filesystem.make(image.file());
    filesystem.check(image.file());
    FileOps.fsync(image.file());
  }

  /** What a process that died left behind; nobody else makes one now. */
  private void removeUnfinished() throws IOException {
    for (Path path : files()) {
      if (path.toString().endsWith(UNFINISHED)) {
        Files.deleteIfExists(path);
      }
    }
  }

  private void dropLeastRecentlyUsed() throws IOException {
    record Used(Path template, FileTime last) {}

    List<Used> templates = new ArrayList<>();
    for (Path path : files()) {
      templates.add(new Used(path, Files.getLastModifiedTime(path)));
    }
    templates.sort(Comparator.comparing(Used::last));
    for (Used used : templates.subList(0, Math.max(0, templates.size() - KEPT_MAX))) {
      Files.deleteIfExists(used.template);
    }
  }

  private List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      entries.forEach(files::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return files;
  }
}
