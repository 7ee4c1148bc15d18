package dev.moorage.pool;

import dev.moorage.linux.Errno;
import dev.moorage.linux.ErrnoException;
import dev.moorage.linux.FileOps;
import dev.moorage.record.AtomicFile;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The directory that the operator named, and what a pool may keep directly in it. */
record PoolRoot(Path directory) {

  /** What a new disk has by itself. */
  private static final String LOST_AND_FOUND = "lost+found";

  Path lockFile() {
    return directory.resolve("lock");
  }

  /** The automatic pool file; it has this name only when it is whole. */
  Path file() {
    return directory.resolve("pool.xfs");
  }

  Path unfinishedFile() {
    return directory.resolve("pool.xfs" + AtomicFile.UNFINISHED);
  }

  Path mount() {
    return directory.resolve("mount");
  }

  /** The layout of a pool without a pool file. */
  PoolLayout layout() {
    return new PoolLayout(directory);
  }

  boolean holdsPool() {
    return Files.exists(file()) || Files.exists(layout().record());
  }

  /**
   * Refuses a directory that is neither a pool nor empty enough to become one; looks only.
   *
   * @throws VolumeException.InvalidArgument naming some of what is in the way
   */
  void refuseForeign(String action) throws IOException, VolumeException {
    if (!Files.isDirectory(directory)) {
      throw new VolumeException.InvalidArgument(action, directory + " is not a directory", "Name a directory");
    }
    if (!holdsPool()) {
      refuseForeign(action, directory);
    }
  }

  /** The same for the directory in which a pool without a record is to be made, which may be a mounted pool file. */
  static void refuseForeign(String action, Path directory) throws IOException, VolumeException {
    PoolLayout layout = new PoolLayout(directory);
    Set<Path> own = own(layout);
    List<String> foreign = entries(directory).stream()
        .filter(entry -> !own.contains(entry)).map(entry -> entry.getFileName().toString()).sorted().limit(3).toList();
    if (!foreign.isEmpty()) {
      throw new VolumeException.InvalidArgument(action,
          directory + " is not a pool and not empty: it has " + String.join(", ", foreign),
          "Name an empty directory, or one that does not exist yet");
    }
    for (Path each : layout.directories()) {
      if (Files.isDirectory(each) && !entries(each).isEmpty()) {
        throw new VolumeException.InvalidArgument(action, each + " is not empty, but " + layout.record() + " is absent",
            "Put the record back if this was a pool, or name an empty directory");
      }
    }
  }

  private static Set<Path> own(PoolLayout layout) {
    PoolRoot root = new PoolRoot(layout.directory());
    Stream<Path> files = Stream.of(root.lockFile(), root.unfinishedFile(), root.mount(), layout.record(),
        root.directory.resolve(layout.record().getFileName() + AtomicFile.UNFINISHED), root.directory.resolve(LOST_AND_FOUND));
    return Stream.concat(files, layout.directories().stream()).collect(Collectors.toSet());
  }

  private static List<Path> entries(Path directory) throws IOException {
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      return StreamSupport.stream(stream.spliterator(), false).toList();
    }
  }

  FileOps.Lock lock(String action) throws IOException, VolumeException {
    try {
      return FileOps.lock(lockFile());
    } catch (ErrnoException e) {
      if (e.is(Errno.EAGAIN)) {
        throw new VolumeException.InUse(action, "another process has the pool at " + directory + " open",
            "Stop the other moorage serve, or give this one a pool of its own", e);
      }
      throw e;
    }
  }
}
