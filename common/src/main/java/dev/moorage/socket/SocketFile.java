package dev.moorage.socket;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * The file of a socket on which somebody of this process listens.
 *
 * <p>The listener binds to a name that only this user can reach; when it listens, and has mode 0600, the file is renamed to its
 * place. So nobody ever connects to a socket of a wider mode, and a stale file is replaced in one step. That, and the removal at
 * the end, happen under a {@link SocketClaim}; a file that is not ours is never removed, except a socket that refuses connections.
 */
public final class SocketFile {

  /** What fits into sun_path, which ends with a zero byte. */
  private static final int PATH_BYTES_MAX = 107;

  private final Path path;
  private final BasicFileAttributes published;

  private SocketFile(Path path, BasicFileAttributes published) {
    this.path = path;
    this.published = published;
  }

  /** Starts a listener on an address; it listens when this returns. */
  public interface Listener {
    void listenOn(UnixDomainSocketAddress address) throws IOException;
  }

  /** Has {@code listener} listen at {@code path}, whose directory is made with mode 0700 when it is absent. */
  public static SocketFile publish(Path path, Listener listener) throws CannotListen {
    try {
      prepareDirectory(path);
      try (SocketClaim claim = SocketClaim.take(path)) {
        demandNobodyThere(path);
        Path staged = claim.stagedSocket();
        demandFits(path, staged);
        tryBind(staged);
        listener.listenOn(UnixDomainSocketAddress.of(staged));
        Files.setPosixFilePermissions(staged, FileModes.SOCKET);
        Files.move(staged, path, StandardCopyOption.ATOMIC_MOVE);
        return new SocketFile(path, attributes(path));
      }
    } catch (CannotListen e) {
      throw e;
    } catch (IOException e) {
      throw new CannotListen(path, reasonOf(e), "Mend that, or choose another path", e);
    }
  }

  private static void prepareDirectory(Path path) throws IOException {
    Path directory = path.getParent();
    if (directory == null) {
      throw new CannotListen(path, "it is not a path of a file in a directory", "Give an absolute path", null);
    }
    if (Files.isDirectory(directory)) {
      if (FileModes.letsOthersReplace(directory)) {
        throw new CannotListen(path, "other users may write to " + directory,
            "Take that right away with chmod go-w, or choose another directory", null);
      }
      return;
    }
    if (directory.getParent() != null) {
      Files.createDirectories(directory.getParent());
    }
    Files.createDirectory(directory, FileModes.DIRECTORY);
  }

  private static void demandFits(Path path, Path staged) throws CannotListen {
    int tooMany = staged.toString().getBytes(StandardCharsets.UTF_8).length - PATH_BYTES_MAX;
    if (tooMany > 0) {
      throw new CannotListen(path, "the path is " + tooMany + " bytes longer than a socket's may be", "Choose a shorter one", null);
    }
  }

  /** A socket that refuses is left from a killed process and may be replaced; whatever else is there may not. */
  private static void demandNobodyThere(Path path) throws IOException {
    try {
      if (!FileModes.isSocket(path)) {
        throw new CannotListen(path, "there is a file of another kind", "Remove it, or choose another path", null);
      }
      if (answers(path)) {
        throw new CannotListen(path, "another process listens there", "Stop it, or choose another path", null);
      }
    } catch (NoSuchFileException e) {
      // Nothing there: what we want.
    }
  }

  /** Not blocking, because a live listener whose queue is full would keep us waiting; that one counts as alive. */
  private static boolean answers(Path path) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.configureBlocking(false);
      channel.connect(UnixDomainSocketAddress.of(path));
      return true;
    } catch (ConnectException refused) {
      return false;
    }
  }

  /** Binds once for ourselves, because the server that does it later keeps the reason of a failure to itself. */
  private static void tryBind(Path staged) throws IOException {
    try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.bind(UnixDomainSocketAddress.of(staged));
    }
    Files.delete(staged);
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static String reasonOf(IOException e) {
    String message = Optional.ofNullable(e.getMessage()).orElse("no reason was given");
    return e.getClass().getSimpleName().replace("Exception", "") + ": " + message;
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** Removes the file if it is still the one that was published; another process may have taken the place. */
  public void remove() throws IOException {
    try (SocketClaim _ = SocketClaim.take(path)) {
      BasicFileAttributes now = attributes(path);
      if (isSame(now)) {
        Files.delete(path);
      }
    } catch (NoSuchFileException e) {
      // Gone already, or its whole directory is.
    }
  }

  private boolean isSame(BasicFileAttributes now) {
    Object key = published.fileKey();
    return key != null && key.equals(now.fileKey()) && published.lastModifiedTime().equals(now.lastModifiedTime());
  }
}
