package dev.moorage.objectstore.file;

import dev.moorage.linux.Errno;
import dev.moorage.linux.ErrnoException;
import dev.moorage.linux.FileOps;
import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.record.Directories;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Objects that have no name yet. Each open store has a directory of its own below {@code .moorage/drafts}, made when it first writes,
 * with a lock that dies with the process; whoever makes one removes those whose lock is free. Safe for use by several threads.
 */
final class Drafts implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Drafts.class.getName());
  private static final String LOCK = "lock";
  private static final int ATTEMPTS_MAX = 100;
  private static final int BUFFER_BYTES = 1 << 17;

  private final Path home;
  private final AtomicLong numbers = new AtomicLong();
  private @Nullable Path own;
  private FileOps.@Nullable Lock lock;

  Drafts(Path home) {
    this.home = home;
  }

  /** Writes the content into a file that nobody reads; when this returns, it is durable. The caller links and deletes it. */
  Path write(String action, Content content) throws IOException {
    Path draft = directory().resolve(Long.toString(numbers.incrementAndGet()));
    try {
      fill(action, content, draft);
      return draft;
    } catch (IOException e) {
      Files.deleteIfExists(draft);
      throw e;
    }
  }

  private static void fill(String action, Content content, Path draft) throws IOException {
    if (shares(content, draft)) {
      // The bytes are read from the source, which is in memory still, as it was just written; the draft has the same ones.
      pass(action, content, _ -> {});
      FileOps.fsync(draft);
      return;
    }
    try (FileChannel out = openNew(draft)) {
      pass(action, content, bytes -> {
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
      });
      out.force(true);
    }
  }

  /** Makes the draft of the blocks of the file that holds the content, so that nothing is written twice; false where that cannot be. */
  private static boolean shares(Content content, Path draft) throws IOException {
    if (!(content instanceof Content.FileRegion(Path file, long offset, long length, int _)) || offset != 0 || length != Files.size(file)) {
      return false;
    }
    try {
      FileOps.reflink(file, draft);
      return true;
    } catch (ErrnoException e) {
      return switch (e.errno()) {
        // Another filesystem, or one without shared blocks; NFS and FUSE have more ways to say so.
        case Errno.EXDEV, Errno.EOPNOTSUPP, Errno.EINVAL, Errno.ENOTTY, Errno.ENOSYS, Errno.EPERM -> false;
        default -> throw e;
      };
    }
  }

  private interface Sink {
    void take(ByteBuffer bytes) throws IOException;
  }

  /** Reads all of the content and checks it. */
  private static void pass(String action, Content content, Sink sink) throws IOException {
    byte[] buffer = new byte[Math.clamp(content.length(), 1, BUFFER_BYTES)];
    CRC32C crc = new CRC32C();
    long length = 0;
    try (InputStream in = content.open()) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        crc.update(buffer, 0, count);
        length += count;
        sink.take(ByteBuffer.wrap(buffer, 0, count));
      }
    }
    if (length != content.length() || (int) crc.getValue() != content.crc32c()) {
      throw new ObjectStoreException.Corrupt(action, "what was handed over does not fit its checksum", "", null);
    }
  }

  private static FileChannel openNew(Path draft) throws IOException {
    return FileChannel.open(draft, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  private synchronized Path directory() throws IOException {
    Path made = own;
    if (made == null) {
      Files.createDirectories(home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      removeThoseOfTheDead();
      made = make();
      own = made;
    }
    return made;
  }

  /** Makes a directory and locks it. A sweeper may remove it at any moment before that: then another one is made. */
  private Path make() throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      Path directory = home.resolve(HexFormat.of().toHexDigits(UUID.randomUUID().getMostSignificantBits()));
      try {
        Directories.create(directory);
      } catch (NoSuchFileException e) {
        if (!Files.isDirectory(home)) {
          throw e;
        }
        continue;
      }
      FileOps.Lock taken = tryLock(directory);
      if (taken != null && Files.exists(directory.resolve(LOCK))) {
        lock = taken;
        return directory;
      }
      if (taken != null) {
        taken.close();
      }
    }
    throw new IOException("no directory for drafts could be made in " + home);
  }

  private void removeThoseOfTheDead() throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(home)) {
      entries.forEach(found::add);
    }
    for (Path directory : found) {
      FileOps.Lock taken = tryLock(directory);
      if (taken != null) {
        try (taken) {
          // It may be the lock of one that somebody else has just removed.
          if (Files.exists(directory.resolve(LOCK))) {
            delete(directory);
          }
        }
      }
    }
  }

  /**
   * Removes a directory whose lock is held. It gets another name first: whoever has just made it, and has not locked it yet, must not come
   * to use what is being removed. Several may remove one that somebody died over.
   */
  private void delete(Path directory) throws IOException {
    try {
      Path removed = Files.move(directory, home.resolve("removed-" + UUID.randomUUID()), StandardCopyOption.ATOMIC_MOVE);
      Directories.deleteTree(removed);
    } catch (DirectoryNotEmptyException | NoSuchFileException e) {
      LOG.log(System.Logger.Level.DEBUG, "somebody else removes " + directory, e);
    }
  }

  /** The lock of a directory of drafts; null when a living process has it, or it is gone. */
  private static FileOps.@Nullable Lock tryLock(Path directory) throws IOException {
    try {
      return FileOps.lock(directory.resolve(LOCK));
    } catch (ErrnoException e) {
      if (e.is(Errno.EAGAIN) || e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR)) {
        return null;
      }
      throw e;
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Removes the directory, with what failed calls left in it. */
  @Override
  public synchronized void close() throws IOException {
    FileOps.Lock held = lock;
    Path made = own;
    if (held != null && made != null) {
      try (held) {
        delete(made);
      }
    }
    lock = null;
    own = null;
  }
}
