package dev.moorage.backend.directory;

import dev.moorage.backend.Home;
import dev.moorage.linux.Mounts;
import dev.moorage.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;

/**
 * One directory tree with content of strangers. It is copied and removed by the system's own {@code cp} and {@code rm}, which
 * walk by directory descriptors: no symbolic link is followed, and no depth or number of files is too much.
 */
record Tree(Path home, Path path) {

  private static final Duration LONG = Duration.ofHours(12);

  static Tree of(Home home) {
    return new Tree(home.directory(), home.directory().resolve("data"));
  }

  boolean exists() {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  void make() throws IOException {
    Files.createDirectory(path);
    // Apart from the making, which the process's umask would narrow.
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Owners, modes, times, links, holes and extended attributes are kept; no block is shared. The target is there, and empty. */
  void copyTo(Tree target) throws IOException {
    Command.of("cp", "--archive", "--reflink=never", "--", path + "/.", target.path.toString()).within(LONG).run();
  }

  /** Whether something is mounted beneath it here: removing the tree would remove that, too. */
  boolean holdsMounts() throws IOException {
    Path real = path.toRealPath();
    return Mounts.table().stream().anyMatch(mount -> mount.target().startsWith(real));
  }

  void remove() throws IOException {
    Command.of("rm", "--recursive", "--force", "--one-file-system", "--", path.toString()).within(LONG).run();
  }
}
