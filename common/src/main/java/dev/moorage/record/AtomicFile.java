package dev.moorage.record;

import dev.moorage.failpoint.Failpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A small file that is replaced as a whole: after {@code kill -9} or a power cut it has its old or its new content, never a part.
 * When {@link #write} or {@link #delete} returns, a power cut no longer undoes it.
 *
 * <p>What is being written stands beside it as {@code NAME.new}; one that a dead process left there is overwritten by the next
 * write and read by nobody. Two writers of one file are serialised by the caller; readers may come at any time.
 */
public final class AtomicFile {

  /** The ending of a file that is not in place yet. */
  public static final String UNFINISHED = ".new";

  /** No record is larger; what is was not written by us. */
  private static final long BYTES_MAX = 16L << 20;

  private AtomicFile() {}

  /** Writes the content, mode 0600, in place of what the file had. */
  public static void write(Path file, byte[] content) throws IOException {
    Path unfinished = unfinished(file);
    // 1. Everything into a file that nobody reads; a left-over of a dead process is overwritten.
    try (FileChannel channel = openNew(unfinished)) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      // 2. The content before the name: a rename may reach the disk earlier than data that was not flushed.
      channel.force(true);
    }
    Failpoint.RECORD_FLUSHED.reach();
    // 3. The switch.
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    Failpoint.RECORD_RENAMED.reach();
    // 4. The name itself.
    Directories.flush(Directories.parent(file));
  }

  /**
   * Reads the whole file.
   *
   * @throws java.nio.file.NoSuchFileException when it is absent
   * @throws MalformedRecordException when it is larger than any record
   */
  public static byte[] read(Path file) throws IOException {
    if (Files.size(file) > BYTES_MAX) {
      throw new MalformedRecordException(file + " is larger than " + BYTES_MAX + " bytes");
    }
    return Files.readAllBytes(file);
  }

  /** Removes the file, and what a dead process was writing beside it; absent is success. */
  public static void delete(Path file) throws IOException {
    Files.deleteIfExists(unfinished(file));
    if (Files.deleteIfExists(file)) {
      Failpoint.RECORD_DELETED.reach();
      Directories.flush(Directories.parent(file));
    }
  }

  private static Path unfinished(Path file) {
    return file.resolveSibling(file.getFileName() + UNFINISHED);
  }

  private static FileChannel openNew(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }
}
