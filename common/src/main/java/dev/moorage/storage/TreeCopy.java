package dev.moorage.storage;

import dev.moorage.linux.ExtendedAttributes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Copies a file or a directory with all that is in it, out of a filesystem that nobody changes: content with its holes, owner, mode, times,
 * extended attributes (ACLs and capabilities among them), hard links within, symbolic links as they are. No symbolic link is ever followed.
 * Device nodes, sockets and named pipes are left out and counted. Nobody but the owner can look into a directory before it is whole. For
 * one use, by one thread.
 */
final class TreeCopy {

  private static final int PIECE_BYTES = 1 << 20;
  /** What is zeros for so long becomes a hole. */
  private static final int HOLE_BYTES = 64 << 10;
  private static final byte[] ZEROS = new byte[HOLE_BYTES];
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final LongConsumer progress;
  private final Map<Object, Path> linked = new HashMap<>();
  private final ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
  private long files;
  private long bytes;
  private long leftOut;
  private long attributesLeftOut;

  /** {@code progress} is told of the bytes that were copied; it may end the copy by an exception. */
  TreeCopy(LongConsumer progress) {
    this.progress = progress;
  }

  /** What was copied; {@code leftOut} are special files, {@code attributesLeftOut} what the target's filesystem does not take. */
  record Result(long files, long bytes, long leftOut, long attributesLeftOut) {}

  /** The bytes in the files of a tree. */
  static long bytes(Path source) throws IOException {
    long[] sum = new long[1];
    Files.walkFileTree(source, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        sum[0] += attributes.isRegularFile() ? attributes.size() : 0;
        return FileVisitResult.CONTINUE;
      }
    });
    return sum[0];
  }

  /** {@code target} must not exist. */
  Result copy(Path source, Path target) throws IOException {
    Files.walkFileTree(source, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
        Files.createDirectory(place(directory), PRIVATE);
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        copyOne(file, place(file), attributes);
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
        if (failure != null) {
          throw failure;
        }
        // At the end: what was made in it changed its times, and its mode may forbid to make anything in it.
        dress(directory, place(directory), false);
        files++;
        return FileVisitResult.CONTINUE;
      }

      private Path place(Path from) {
        return from.equals(source) ? target : target.resolve(source.relativize(from));
      }
    });
    return new Result(files, bytes, leftOut, attributesLeftOut);
  }

  private void copyOne(Path file, Path target, BasicFileAttributes attributes) throws IOException {
    if (attributes.isSymbolicLink()) {
      Files.createSymbolicLink(target, Files.readSymbolicLink(file));
      dress(file, target, true);
    } else if (!attributes.isRegularFile()) {
      leftOut++;
      return;
    } else if (!isLinked(file, target, attributes)) {
      copyContent(file, target, attributes.size());
      dress(file, target, false);
    }
    files++;
  }

  /** Whether it is another name of a file that was copied already, and now is one of the copy too. */
  private boolean isLinked(Path file, Path target, BasicFileAttributes attributes) throws IOException {
    Object key = attributes.fileKey();
    if (key == null || (int) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS) < 2) {
      return false;
    }
    Path first = linked.putIfAbsent(key, target);
    if (first != null) {
      Files.createLink(target, first);
    }
    return first != null;
  }

  private void copyContent(Path file, Path target, long size) throws IOException {
    try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        FileChannel to = FileChannel.open(target, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      long position = 0;
      while (from.read(piece.clear(), position) > 0) {
        int length = piece.position();
        writeData(to, position, length);
        position += length;
        bytes += length;
        progress.accept(bytes);
      }
      if (position > 0 && to.size() < position) {
        // It ends in a hole.
        to.write(ByteBuffer.wrap(ZEROS, 0, 1), position - 1);
      }
      if (position != size) {
        throw new IOException(file + " has " + size + " bytes and " + position + " of them could be read");
      }
    }
  }

  private void writeData(FileChannel to, long position, int length) throws IOException {
    for (int at = 0; at < length; at += HOLE_BYTES) {
      int part = Math.min(HOLE_BYTES, length - at);
      boolean zeros = part == HOLE_BYTES && piece.slice(at, part).mismatch(ByteBuffer.wrap(ZEROS)) < 0;
      ByteBuffer data = piece.slice(at, zeros ? 0 : part);
      while (data.hasRemaining()) {
        to.write(data, position + at + data.position());
      }
    }
  }

  /** Owner first: that takes set-user-ID and capabilities away, which then come back; times last, because all else changes them. */
  private void dress(Path source, Path target, boolean link) throws IOException {
    Map<String, Object> had = Files.readAttributes(source, "unix:mode,uid,gid,lastModifiedTime,lastAccessTime", LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(target, "unix:gid", had.get("gid"), LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(target, "unix:uid", had.get("uid"), LinkOption.NOFOLLOW_LINKS);
    if (!link) {
      Files.setAttribute(target, "unix:mode", had.get("mode"));
    }
    attributesLeftOut += ExtendedAttributes.copy(source, target).size();
    Files.getFileAttributeView(target, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setTimes((FileTime) Objects.requireNonNull(had.get("lastModifiedTime")),
            (FileTime) Objects.requireNonNull(had.get("lastAccessTime")), null);
  }
}
