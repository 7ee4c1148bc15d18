package dev.moorage.testkit;

import dev.moorage.process.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * Directories for tests, all beneath one of this process ({@code TMP/moorage-test-PID}), so that what a test leaves behind can be
 * found, and what a killed test process left behind is cleaned by the next one. Safe for use by several threads.
 */
public final class Scratch {

  private static final String PREFIX = "moorage-test-";
  private static final Path ROOT = makeRoot();

  private Scratch() {}

  /** The directory of this process that all others lie in. */
  public static Path root() {
    return ROOT;
  }

  /** A new empty directory, whose name begins with {@code name}. */
  public static Path directory(String name) {
    try {
      return Files.createTempDirectory(ROOT, name + "-").toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Unmounts what is mounted at or beneath the directory, releases loop devices of files in it, and removes it.
   *
   * @throws UncheckedIOException when something of it stays
   */
  public static void remove(Path directory) {
    try {
      release(directory);
      if (Files.exists(directory)) {
        Command.of("rm", "-rf", "--one-file-system", directory.toString()).run();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Releases loop devices of files in the directory and unmounts everything at or beneath it, youngest first. */
  static void release(Path directory) throws IOException {
    // Devices first: one in use only becomes autoclear, and once the disk beneath is unmounted its file has no path any more.
    for (Path loop : KernelState.loopsUnder(directory).keySet()) {
      Command.of("losetup", "-d", loop.toString()).run();
    }
    for (Path mount : KernelState.mountsUnder(directory).reversed()) {
      unmount(mount);
    }
  }

  private static void unmount(Path mount) throws IOException {
    try {
      Command.of("umount", mount.toString()).run();
    } catch (IOException busy) {
      Command.of("umount", "-l", mount.toString()).run();
    }
  }

  private static Path makeRoot() {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    try {
      removeThoseOfDeadProcesses(temporary);
      Path root = temporary.resolve(PREFIX + ProcessHandle.current().pid());
      Files.createDirectories(root);
      Path real = root.toRealPath();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(real), "scratch-removal"));
      return real;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void removeThoseOfDeadProcesses(Path temporary) throws IOException {
    List<Path> dead;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(temporary, PREFIX + "*")) {
      dead = StreamSupport.stream(entries.spliterator(), false).filter(Scratch::isOfDeadProcess).toList();
    }
    for (Path directory : dead) {
      remove(directory.toRealPath());
    }
  }

  private static boolean isOfDeadProcess(Path directory) {
    String pid = directory.getFileName().toString().substring(PREFIX.length());
    return pid.matches("\\d{1,10}") && ProcessHandle.of(Long.parseLong(pid)).isEmpty();
  }
}
