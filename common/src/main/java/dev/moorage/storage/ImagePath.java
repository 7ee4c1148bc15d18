package dev.moorage.storage;

import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.NotFound;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Finds what a path means inside a mounted snapshot, as a program would whose root directory it is: symbolic links on the way are followed
 * inside it, absolute ones and those that climb too. What the path ends at is not followed. Nothing outside is ever reached, provided
 * that nobody changes what is mounted, which is read-only.
 */
final class ImagePath {

  /** As the kernel's own limit. */
  private static final int LINKS_MAX = 40;

  private final String action;
  private final Path root;
  private final String asked;
  private final Deque<Path> ahead = new ArrayDeque<>();
  private int links;

  private ImagePath(String action, Path root, String asked) {
    this.action = action;
    this.root = root;
    this.asked = asked;
  }

  static Path resolve(String action, Path root, String path) throws VolumeException, IOException {
    return new ImagePath(action, root, path).run();
  }

  private Path run() throws VolumeException, IOException {
    push(Path.of(asked));
    Path at = root;
    while (!ahead.isEmpty()) {
      Path name = ahead.pop();
      String word = name.toString();
      if (word.isEmpty() || word.equals(".")) {
        continue;
      }
      if (word.equals("..")) {
        at = at.equals(root) ? root : up(at);
        continue;
      }
      Path next = at.resolve(name);
      if (!Files.exists(next, LinkOption.NOFOLLOW_LINKS)) {
        throw new NotFound(action, "there is no " + shown(next) + " in it", "moorage snapshot mount shows what there is");
      }
      if (!ahead.isEmpty() && Files.isSymbolicLink(next)) {
        Path to = follow(next);
        at = to.isAbsolute() ? root : at;
        push(to);
      } else {
        at = next;
      }
    }
    return at;
  }

  private static Path up(Path at) {
    Path parent = at.getParent();
    return parent == null ? at : parent;
  }

  private Path follow(Path link) throws VolumeException, IOException {
    links++;
    if (links > LINKS_MAX) {
      throw new InvalidArgument(action, asked + " passes more than " + LINKS_MAX + " symbolic links", "Name the place that they lead to");
    }
    return Files.readSymbolicLink(link);
  }

  private void push(Path path) {
    for (int i = path.getNameCount() - 1; i >= 0; i--) {
      ahead.push(path.getName(i));
    }
  }

  private String shown(Path path) {
    return "/" + root.relativize(path);
  }
}
