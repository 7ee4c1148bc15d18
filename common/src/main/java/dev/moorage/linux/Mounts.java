package dev.moorage.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The mount table of this process's mount namespace, and mount(2), umount2(2). Safe for use by several threads. */
public final class Mounts {

  private Mounts() {}

  /** Flags of mount(2) that Moorage uses. */
  public enum Flag {
    READ_ONLY,
    NO_ATIME,
    NO_SUID,
    NO_DEV
  }

  /** One line of /proc/self/mountinfo (proc_pid_mountinfo(5)), unescaped. {@code device} is major:minor. */
  public record Entry(String device, String root, Path target, String filesystem, String source, boolean readOnly) {}

  /** {@code data} are filesystem options, comma-separated, such as {@code nouuid,discard}; may be empty. */
  public static void mount(Path source, Path target, String filesystem, Set<Flag> flags, String data) throws IOException {
    throw new AssertionError("BUG: replaced by the linux room");
  }

  public static void bind(Path source, Path target, boolean readOnly) throws IOException {
    throw new AssertionError("BUG: replaced by the linux room");
  }

  /** Unmounts the topmost mount at the target; EBUSY when it is in use, EINVAL when nothing is mounted there. */
  public static void unmount(Path target) throws IOException {
    throw new AssertionError("BUG: replaced by the linux room");
  }

  /** Detaches the target from the tree at once, whoever uses it (MNT_DETACH); it ends when its last user does. */
  public static void unmountLazily(Path target) throws IOException {
    throw new AssertionError("BUG: replaced by the linux room");
  }

  /** The whole table in mount order. O(mounts): for start and repair, not for request paths. */
  public static List<Entry> table() throws IOException {
    throw new AssertionError("BUG: replaced by the linux room");
  }

  /** The topmost mount at exactly this path, found without reading the table (statx mount id, name_to_handle or similar). */
  public static Optional<Entry> at(Path target) throws IOException {
    throw new AssertionError("BUG: replaced by the linux room");
  }

  /**
   * Whether a process in <em>another</em> mount namespace has this block device mounted: a running container does. Reads
   * one mountinfo per namespace: for the rare cases that need it.
   */
  public static boolean mountedElsewhere(LoopDevice device) throws IOException {
    throw new AssertionError("BUG: replaced by the linux room");
  }
}
