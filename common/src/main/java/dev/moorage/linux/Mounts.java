package dev.moorage.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The mount table of this process's mount namespace, and mount(2), umount2(2). Safe for use by several threads. */
public final class Mounts {

  private static final long MS_RDONLY = 1;
  private static final long MS_NOSUID = 2;
  private static final long MS_NODEV = 4;
  private static final long MS_NOEXEC = 8;
  private static final long MS_REMOUNT = 32;
  private static final long MS_NOATIME = 1024;
  private static final long MS_NODIRATIME = 2048;
  private static final long MS_BIND = 4096;
  private static final long MS_RELATIME = 1 << 21;
  private static final long ST_RELATIME = 4096;
  private static final int MNT_DETACH = 2;
  private static final int UMOUNT_NOFOLLOW = 8;

  private Mounts() {}

  /** Flags of mount(2) that Moorage uses. */
  public enum Flag {
    READ_ONLY(MS_RDONLY),
    NO_ATIME(MS_NOATIME),
    NO_DIR_ATIME(MS_NODIRATIME),
    NO_SUID(MS_NOSUID),
    NO_DEV(MS_NODEV),
    NO_EXEC(MS_NOEXEC);

    private final long bits;

    Flag(long bits) {
      this.bits = bits;
    }
  }

  /** How mounts travel between the copies of a mount (mount_namespaces(7)). */
  public enum Propagation {
    /** To the copies and from them. */
    SHARED,
    /** From the copy that it follows, but not to it: what we mount here, the host does not see. */
    SLAVE,
    /** Neither way. */
    PRIVATE;

    /** Reads the optional fields of mountinfo; what is shared and a slave at once is shared with its own copies. */
    private static Propagation of(List<String> tags) {
      if (tags.stream().anyMatch(tag -> tag.startsWith("shared:"))) {
        return SHARED;
      }
      return tags.stream().anyMatch(tag -> tag.startsWith("master:")) ? SLAVE : PRIVATE;
    }
  }

  /** One line of /proc/self/mountinfo (proc_pid_mountinfo(5)), unescaped. {@code device} is major:minor. */
  public record Entry(String device, String root, Path target, String filesystem, String source, boolean readOnly) {}

  /** {@code data} are filesystem options, comma-separated, such as {@code nouuid,discard}; may be empty. */
  public static void mount(Path source, Path target, String filesystem, Set<Flag> flags, String data) throws IOException {
    long bits = 0;
    for (Flag flag : flags) {
      bits |= flag.bits;
    }
    Libc.mount(source.toString(), target.toString(), filesystem, bits, data);
  }

  /** Shows {@code source}, without what is mounted below it, at {@code target} too; both are directories or both files. */
  public static void bind(Path source, Path target, boolean readOnly) throws IOException {
    bind(source, target, readOnly ? Set.of(Flag.READ_ONLY) : Set.of());
  }

  /** The same, with flags for this mount alone, beside those that the source's mount has. */
  public static void bind(Path source, Path target, Set<Flag> flags) throws IOException {
    Libc.mount(source.toString(), target.toString(), null, MS_BIND, null);
    if (!flags.isEmpty()) {
      long bits = inherited(target);
      for (Flag flag : flags) {
        bits |= flag.bits;
      }
      try {
        // mount(2) ignores other flags beside MS_BIND, and a remount drops those that are not repeated.
        Libc.mount(null, target.toString(), null, MS_REMOUNT | MS_BIND | bits, null);
      } catch (ErrnoException e) {
        unmount(target);
        throw e;
      }
    }
  }

  /** The flags of a mount as mount(2) wants them; statfs(2) reports all but one with the same bits. */
  private static long inherited(Path target) throws ErrnoException {
    long flags = Statfs.of(target).flags();
    long same = flags & (MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME | MS_NODIRATIME);
    return (flags & ST_RELATIME) == 0 ? same : same | MS_RELATIME;
  }

  /** Unmounts the topmost mount at the target; EBUSY when it is in use, EINVAL when nothing is mounted there. */
  public static void unmount(Path target) throws IOException {
    Libc.umount2(target.toString(), UMOUNT_NOFOLLOW);
  }

  /** Detaches the target from the tree at once, whoever uses it (MNT_DETACH); it ends when its last user does. */
  public static void unmountLazily(Path target) throws IOException {
    Libc.umount2(target.toString(), UMOUNT_NOFOLLOW | MNT_DETACH);
  }

  /** The whole table in mount order. O(mounts): for start and repair, not for request paths. */
  public static List<Entry> table() throws IOException {
    return MountTable.read(MountTable.OWN).stream().map(MountTable.Line::entry).toList();
  }

  /**
   * The topmost mount at exactly this path, found by its mount id (statx). Empty, in constant
   * time, when nothing is mounted there; the table is read only for what is. A symbolic link is not a mount point.
   */
  public static Optional<Entry> at(Path target) throws IOException {
    Statx status;
    try {
      status = Statx.ofMount(target);
    } catch (ErrnoException e) {
      if (e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR)) {
        return Optional.empty();
      }
      throw e;
    }
    if (!status.knowsMountRoot()) {
      return topmostAt(MountTable.read(MountTable.OWN), target);
    }
    return status.mountRoot() ? find(status.mountId()).map(MountTable.Line::entry) : Optional.empty();
  }

  /** For kernels before 5.8, which do not tell a mount from a directory. */
  static Optional<Entry> topmostAt(List<MountTable.Line> table, Path target) throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    Path real = parent == null ? absolute : parent.toRealPath().resolve(absolute.getFileName());
    return table.stream().map(MountTable.Line::entry).filter(entry -> entry.target().equals(real))
        .reduce((below, above) -> above);
  }

  private static Optional<MountTable.Line> find(long mountId) throws IOException {
    return MountTable.read(MountTable.OWN).stream().filter(line -> line.id() == mountId).findFirst();
  }

  private static MountTable.Line lineHolding(Path path) throws IOException {
    Statx status = Statx.ofMount(path.toRealPath());
    return find(status.mountId())
        .orElseThrow(() -> new IOException("the mount that holds " + path + " is not in " + MountTable.OWN));
  }

  /** The mount that a file or directory lies on, symbolic links followed. O(mounts). */
  public static Entry holding(Path path) throws IOException {
    return lineHolding(path).entry();
  }

  /** Whether mounts made below this path reach other mount namespaces, such as containers and the host. O(mounts). */
  public static Propagation propagation(Path path) throws IOException {
    return Propagation.of(lineHolding(path).tags());
  }

  /**
   * Whether a process in <em>another</em> mount namespace has this block device mounted: a running container does. Reads
   * one mountinfo per namespace: for the rare cases that need it. {@code false} when only a process has it that we may not
   * look at; {@link LoopDevices#isIdle} is the truth about use.
   */
  public static boolean mountedElsewhere(LoopDevice device) throws IOException {
    return MountNamespaces.anyOtherHas(LoopSysfs.number(device));
  }

  /**
   * Whether what is mounted at {@code stage.target}, or a part of it, is mounted at another path too, in any namespace that
   * we can see: a running container has it so. A copy at the same path in another namespace does not count: propagation makes one in
   * every service's namespace, and it goes with the original. Reads one mountinfo per namespace.
   */
  public static boolean mountedBeside(Entry stage) throws IOException {
    Predicate<Entry> beside = entry -> entry.device().equals(stage.device())
        && !entry.target().equals(stage.target()) && Path.of(entry.root()).startsWith(stage.root());
    return table().stream().anyMatch(beside) || MountNamespaces.anyOtherHas(stage.device(), beside);
  }
}
