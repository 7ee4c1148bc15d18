package dev.moorage.filesystem;

import dev.moorage.linux.Capability;
import dev.moorage.process.Command;
import dev.moorage.process.CommandFailed;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.FilesystemType;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Ext4 inside a volume. */
record Ext4() implements Filesystem {

  /**
   * All features by name, so that the format depends neither on the version of mkfs nor on the machine's mke2fs.conf:
   * what e2fsprogs 1.43 and Linux 5.8 know. Not orphan_file (Linux 5.15).
   */
  private static final String FEATURES = "none,has_journal,ext_attr,resize_inode,dir_index,filetype,extent,64bit,flex_bg,"
      + "metadata_csum,metadata_csum_seed,sparse_super,large_file,huge_file,dir_nlink,extra_isize";

  /** Inode tables and journal are left to the kernel, which zeroes them after the mount by holes; the image stays sparse. */
  private static final String EXTENDED = "lazy_itable_init=1,lazy_journal_init=1,nodiscard";

  private static final long BLOCK_BYTES = 4096;
  private static final long GROUP_BYTES = 32768 * BLOCK_BYTES;
  private static final long INODES_PER_GROUP = 8192;
  private static final long INODES_MAX = 0xF000_0000L;

  /** Below this size mkfs would reserve descriptor blocks for a growth to 1024 times the size only. */
  private static final long ROOM_TO_GROW_BELOW_BYTES = 1L << 30;
  private static final long ROOM_TO_GROW_BLOCKS = (1L << 40) / BLOCK_BYTES;

  private static final int CHECKER_CORRECTED = 1;

  @Override
  public FilesystemType type() {
    return FilesystemType.EXT4;
  }

  /** The smallest that has a journal and, with the inode tables, leaves more than half to the user. */
  @Override
  public ByteSize minimum() {
    return ByteSize.ofMebibytes(16);
  }

  @Override
  public void make(Path imageOrDevice) throws IOException {
    long bytes = sizeOf(imageOrDevice);
    String extended = bytes < ROOM_TO_GROW_BELOW_BYTES ? EXTENDED + ",resize=" + ROOM_TO_GROW_BLOCKS : EXTENDED;
    Command.of("mkfs.ext4", "-q", "-F", "-b", Long.toString(BLOCK_BYTES), "-I", "256", "-m", "0",
        "-N", Long.toString(inodes(bytes)), "-O", FEATURES, "-E", extended, imageOrDevice.toString()).run();
    emptyRoot(imageOrDevice);
  }

  /** The same number in each group, so that a small volume that is grown does not run out of inodes before it is full. */
  private static long inodes(long bytes) {
    return Math.min(INODES_MAX, Math.ceilDiv(bytes, GROUP_BYTES) * INODES_PER_GROUP);
  }

  private static long sizeOf(Path imageOrDevice) throws IOException {
    try (FileChannel channel = FileChannel.open(imageOrDevice)) {
      return channel.size();
    }
  }

  /** Removes lost+found without a mount; e2fsck finds nothing wrong with that, and makes it anew when it has a use for it. */
  private static void emptyRoot(Path imageOrDevice) throws IOException {
    Command.of("debugfs", "-w", "-R", "rmdir lost+found", imageOrDevice.toString()).run();
    // debugfs exits with 0 whatever happened, so ask it what is left. A line is /inode/mode/uid/gid/name/size/.
    String left = Command.of("debugfs", "-R", "ls -p /", imageOrDevice.toString()).run();
    boolean empty = left.lines().filter(line -> line.startsWith("/")).map(line -> line.split("/", 7)[5])
        .allMatch(name -> name.equals(".") || name.equals(".."));
    if (!empty || !left.contains("/")) {
      throw new IOException("format " + imageOrDevice + ": debugfs left something in the root: " + left.strip());
    }
  }

  @Override
  public String mountOptions(boolean readOnly, boolean preallocated) {
    if (readOnly) {
      return "";
    }
    // The kernel zeroes inode tables by holes, which would give claimed blocks away; it works without that too.
    return preallocated ? "noinit_itable" : "discard";
  }

  @Override
  public void grow(Path device, Path mountPoint) throws IOException {
    try {
      Command.of("resize2fs", device.toString()).run();
    } catch (CommandFailed e) {
      if (!Capability.SYS_RESOURCE.isEffective()) {
        throw new IOException("grow the ext4 on " + device + ": the kernel grows a mounted ext4 only for a process with"
            + " CAP_SYS_RESOURCE, which this one lacks; grant it, or unmount the volume, which then grows at its next mount", e);
      }
      throw e;
    }
  }

  @Override
  public boolean growUnmounted(Path imageOrDevice) throws IOException {
    try {
      // Replays the journal too; resize2fs refuses a filesystem that was not checked since its last mount.
      Command.of("e2fsck", "-f", "-p", imageOrDevice.toString()).run();
    } catch (CommandFailed e) {
      if (e.exitCode() != CHECKER_CORRECTED) {
        throw e;
      }
    }
    Command.of("resize2fs", imageOrDevice.toString()).run();
    return true;
  }

  @Override
  public void check(Path imageOrDevice) throws IOException {
    if (Superblock.of(imageOrDevice).ext4NeedsRecovery()) {
      throw UnsoundFilesystem.becauseOfJournal("ext4", imageOrDevice);
    }
    try {
      Command.of("e2fsck", "-f", "-n", imageOrDevice.toString()).within(CHECK_DEADLINE).run();
    } catch (CommandFailed e) {
      throw UnsoundFilesystem.saidBy("e2fsck", imageOrDevice, e);
    }
  }
}
