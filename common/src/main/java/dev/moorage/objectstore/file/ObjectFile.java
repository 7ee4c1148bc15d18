package dev.moorage.objectstore.file;

import dev.moorage.objectstore.ObjectHead;
import dev.moorage.objectstore.Version;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the filesystem says of an object's file. Its version is made of modification time, size and inode: a replacement is always a new
 * file, and {@link #makeYoungerThan} sees to it that its time is a later one, also where the clock went back or the filesystem counts
 * in seconds.
 */
final class ObjectFile {

  /** Nanosecond, microsecond, millisecond, two seconds: the grains of the filesystems there are. */
  private static final List<Long> GRAINS = List.of(1L, 1_000L, 1_000_000L, 2_000_000_000L);

  private ObjectFile() {}

  /** Empty when there is no file, or something that is no plain file, at that path. */
  static Optional<ObjectHead> head(Path file) throws IOException {
    Map<String, Object> all;
    try {
      all = Files.readAttributes(file, "unix:ino,size,lastModifiedTime,isRegularFile", LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (FileSystemException e) {
      // A path below a plain file: there is nothing.
      if ("Not a directory".equals(e.getReason())) {
        return Optional.empty();
      }
      throw e;
    }
    if (!attribute(all, "isRegularFile", Boolean.class)) {
      return Optional.empty();
    }
    long size = attribute(all, "size", Long.class);
    Instant modified = attribute(all, "lastModifiedTime", FileTime.class).toInstant();
    return Optional.of(new ObjectHead(size, version(modified, size, attribute(all, "ino", Long.class)), modified));
  }

  private static <T> T attribute(Map<String, Object> all, String name, Class<T> type) {
    return type.cast(Objects.requireNonNull(all.get(name)));
  }

  private static Version version(Instant modified, long size, long inode) {
    return new Version(modified.getEpochSecond() + "." + modified.getNano() + "-" + size + "-" + inode);
  }

  /** Moves the file's modification time on until it is later than the given one as the filesystem stores both. */
  static void makeYoungerThan(Instant older, Path file) throws IOException {
    for (long grain : GRAINS) {
      if (Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant().isAfter(older)) {
        return;
      }
      Files.setLastModifiedTime(file, FileTime.from(older.plusNanos(grain)));
    }
    if (!Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant().isAfter(older)) {
      throw new IOException(file + " does not keep its time of modification");
    }
  }
}
