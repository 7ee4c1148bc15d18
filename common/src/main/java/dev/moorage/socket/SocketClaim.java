package dev.moorage.socket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The right to put or remove the file of one socket, against other processes and other threads of this one. It is held only for
 * the moments of doing so, and leaves no file: its directory {@code .NAME} beside the socket, of mode 0700, is also where the
 * socket is bound before it gets its name.
 */
final class SocketClaim implements AutoCloseable {

  /** The kernel's locks are per process, so threads of this one exclude each other first. */
  private static final ReentrantLock THREADS = new ReentrantLock();

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long PAUSE_MILLIS = 5;

  private final Path directory;
  private final FileChannel lock;

  private SocketClaim(Path directory, FileChannel lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /** Waits for the claim, and clears away what a killed holder left. The directory of the socket must exist. */
  static SocketClaim take(Path socket) throws IOException {
    Path directory = directoryOf(socket);
    THREADS.lock();
    boolean taken = false;
    try {
      SocketClaim claim = new SocketClaim(directory, waitForLock(directory));
      Files.deleteIfExists(claim.stagedSocket());
      taken = true;
      return claim;
    } finally {
      if (!taken) {
        THREADS.unlock();
      }
    }
  }

  private static Path directoryOf(Path socket) {
    return socket.resolveSibling("." + socket.getFileName());
  }

  /** Where the socket is bound before it gets its name; nobody else can reach it there. */
  Path stagedSocket() {
    return stagedSocket(directory);
  }

  private static Path stagedSocket(Path directory) {
    return directory.resolve("s");
  }

  private static Path lockFile(Path directory) {
    return directory.resolve("lock");
  }

  private static FileChannel waitForLock(Path directory) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      makeOwnDirectory(directory);
      Optional<FileChannel> locked = tryLock(lockFile(directory));
      if (locked.isPresent()) {
        return locked.get();
      }
      if (System.nanoTime() > deadline) {
        throw new IOException("another process has held " + lockFile(directory) + " for " + PATIENCE.toSeconds() + " s");
      }
      pause();
    }
  }

  private static void makeOwnDirectory(Path directory) throws IOException {
    try {
      Files.createDirectory(directory, FileModes.DIRECTORY);
    } catch (FileAlreadyExistsException e) {
      // Another holder's, or one that a killed holder left: the lock in it decides. A stranger's would be a trap.
      if (!FileModes.isPrivateDirectory(directory)) {
        throw new IOException(directory + " is there and is not a directory of mode 0700 of this user", e);
      }
    }
  }

  /** The lock of the file that has this name; empty when another holds it, or when its last holder is just removing it. */
  private static Optional<FileChannel> tryLock(Path file) throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (NoSuchFileException directoryIsGone) {
      return Optional.empty();
    }
    boolean locked = false;
    try {
      FileLock lock = channel.tryLock();
      locked = lock != null && isStillNamed(channel, file);
      return locked ? Optional.of(channel) : Optional.empty();
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  /** Whether the locked file still has the name: its last holder may have removed that before we got the lock. */
  private static boolean isStillNamed(FileChannel channel, Path file) throws IOException {
    String token = ProcessHandle.current().pid() + " " + System.nanoTime();
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(token.getBytes(StandardCharsets.US_ASCII)), 0);
    try {
      return Files.readString(file).equals(token);
    } catch (NoSuchFileException removed) {
      return false;
    }
  }

  private static void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for another process", e);
    }
  }

  @Override
  public void close() throws IOException {
    try (lock) {
      Files.deleteIfExists(stagedSocket());
      Files.deleteIfExists(lockFile(directory));
      Files.deleteIfExists(directory);
    } catch (DirectoryNotEmptyException e) {
      // Somebody waits for the claim, and has made a lock file anew: the directory is theirs now.
    } finally {
      THREADS.unlock();
    }
  }
}
