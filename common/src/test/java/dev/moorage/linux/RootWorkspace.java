package dev.moorage.linux;

import dev.moorage.process.Command;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * A directory of its own for a test that needs root: files, loop devices and mounts in it. Closing takes everything down
 * in reverse order and then insists that nothing is left: no mount, no loop device, no file.
 */
public final class RootWorkspace implements AutoCloseable {

  /** Something that must be undone. */
  @FunctionalInterface
  public interface Undo {
    void run() throws IOException;
  }

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Path directory;
  private final Deque<Undo> undos = new ArrayDeque<>();

  private RootWorkspace(Path directory) {
    this.directory = directory;
  }

  public static RootWorkspace create() throws IOException {
    return new RootWorkspace(Files.createTempDirectory("moorage-test").toRealPath());
  }

  public Path directory() {
    return directory;
  }

  public Path path(String name) {
    return directory.resolve(name);
  }

  public void onClose(Undo undo) {
    undos.push(undo);
  }

  /** A sparse file. */
  public Path image(String name, long bytes) throws IOException {
    return image(path(name), bytes);
  }

  public Path image(Path path, long bytes) throws IOException {
    Command.of("truncate", "-s", Long.toString(bytes), path.toString()).run();
    return path;
  }

  /** An empty XFS with reflink of 512 MiB, mounted in this directory through a loop device of its own. */
  public Path xfs(String name) throws IOException {
    Path image = image(name + ".xfs", 512L << 20);
    Command.of("mkfs.xfs", "-q", "-f", "-s", "size=4096", image.toString()).run();
    return mount(image, name, "xfs", "nouuid,discard");
  }

  /** Attaches and mounts an image; the device goes with the mount. */
  public Path mount(Path image, String name, String filesystem, String options) throws IOException {
    Path target = Files.createDirectories(path(name));
    try (LoopDevices.Held held = LoopDevices.attach(image, new LoopDevices.Options(false, true))) {
      Mounts.mount(held.device().path(), target, filesystem, Set.of(), options);
    }
    onClose(() -> {
      if (Mounts.at(target).isPresent()) {
        Mounts.unmount(target);
      }
    });
    return target;
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    while (!undos.isEmpty()) {
      try {
        undos.pop().run();
      } catch (IOException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
    insistThatNothingIsMounted();
    delete(directory);
  }

  private void insistThatNothingIsMounted() throws IOException {
    for (Mounts.Entry entry : Mounts.table()) {
      if (entry.target().startsWith(directory)) {
        throw new IOException("the test left a mount behind: " + entry);
      }
    }
  }

  private static void delete(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
        for (Path entry : entries) {
          delete(entry);
        }
      }
    } else if (Files.isRegularFile(path)) {
      insistThatNoDeviceHas(path);
    }
    Files.delete(path);
  }

  /**
   * Patiently, because udev may keep a device for a moment after its last use. A mount namespace that somebody else made in the
   * middle of the test (an engine's, say) keeps copies of our mounts for as long as it lives: that is no leak of ours.
   */
  private static void insistThatNoDeviceHas(Path file) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (Optional<LoopDevice> left = LoopDevices.find(file); left.isPresent(); left = LoopDevices.find(file)) {
      if (Mounts.mountedElsewhere(left.get())) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new IOException("the test left a loop device behind: " + left.get() + " of " + file);
      }
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }
}
