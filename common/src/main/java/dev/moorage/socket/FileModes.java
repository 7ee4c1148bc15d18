package dev.moorage.socket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;

/** What the mode of a file says about who may reach a socket. Symbolic links are not followed. */
final class FileModes {

  static final FileAttribute<Set<PosixFilePermission>> DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  static final Set<PosixFilePermission> SOCKET = PosixFilePermissions.fromString("rw-------");

  private static final int TYPE = 0170000;
  private static final int TYPE_SOCKET = 0140000;
  private static final int TYPE_DIRECTORY = 0040000;
  private static final int STICKY = 01000;
  private static final int WRITABLE_BY_OTHERS = 0022;
  private static final int ANYTHING_BY_OTHERS = 0077;

  private FileModes() {}

  static boolean isSocket(Path path) throws IOException {
    return (mode(path) & TYPE) == TYPE_SOCKET;
  }

  /** Whether it is a directory of this user that nobody else may enter. */
  static boolean isPrivateDirectory(Path path) throws IOException {
    int mode = mode(path);
    return (mode & TYPE) == TYPE_DIRECTORY && (mode & ANYTHING_BY_OTHERS) == 0 && owner(path) == owner(Path.of("/proc/self"));
  }

  /** Whether another user could put a file of theirs in the place of one of ours in this directory. */
  static boolean letsOthersReplace(Path directory) throws IOException {
    int mode = mode(directory.toRealPath());
    return (mode & WRITABLE_BY_OTHERS) != 0 && (mode & STICKY) == 0;
  }

  private static int mode(Path path) throws IOException {
    return attribute(path, "mode");
  }

  private static int owner(Path path) throws IOException {
    return attribute(path, "uid");
  }

  private static int attribute(Path path, String name) throws IOException {
    Map<String, Object> attributes = Files.readAttributes(path, "unix:" + name, LinkOption.NOFOLLOW_LINKS);
    return attributes.get(name) instanceof Integer value ? value : 0;
  }
}
