package dev.moorage.filesystem;

import dev.moorage.linux.FileOps;
import dev.moorage.process.Command;
import dev.moorage.process.CommandFailed;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.FilesystemType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Xfs inside a volume. Its log alone takes 64 MiB. Grown far beyond its first size it works, but in many small groups. */
record Xfs() implements Filesystem {

  private static final int DIRTY_LOG = 2;

  @Override
  public FilesystemType type() {
    return FilesystemType.XFS;
  }

  /** What mkfs.xfs demands since version 5.19. */
  @Override
  public ByteSize minimum() {
    return ByteSize.ofMebibytes(300);
  }

  @Override
  public void make(Path imageOrDevice) throws IOException {
    List<String> argv = new ArrayList<>(List.of("mkfs.xfs", "-q", "-f", "-K", "-s", "size=4096"));
    argv.addAll(XfsVersion.parse(Command.of("mkfs.xfs", "-V").run()).formatOptions());
    argv.add(imageOrDevice.toString());
    Command.of(argv.toArray(String[]::new)).run();
  }

  @Override
  public String mountOptions(boolean readOnly, boolean preallocated) {
    return readOnly || preallocated ? "nouuid" : "nouuid,discard";
  }

  /**
   * Two growths whose superblock is still in the log only make a log that the kernel cannot replay (seen on 6.18): the second one
   * changes headers of a group that the superblock on disk does not know yet, and the replay comes to them before it comes to the
   * superblock. The volume could not be mounted after a power cut. So the superblock is on disk before and after each growth.
   */
  @Override
  public void grow(Path device, Path mountPoint) throws IOException {
    FileOps.writeOutSuperblock(mountPoint);
    Command.of("xfs_growfs", "-d", mountPoint.toString()).run();
    FileOps.writeOutSuperblock(mountPoint);
  }

  @Override
  public boolean growUnmounted(Path imageOrDevice) {
    return false;
  }

  @Override
  public void check(Path imageOrDevice) throws IOException {
    try {
      Command.of("xfs_repair", "-n", imageOrDevice.toString()).within(CHECK_DEADLINE).run();
    } catch (CommandFailed e) {
      if (e.exitCode() == DIRTY_LOG || e.errorOutput().contains("in a log which is being")) {
        throw UnsoundFilesystem.becauseOfJournal("xfs", imageOrDevice);
      }
      throw UnsoundFilesystem.saidBy("xfs_repair", imageOrDevice, e);
    }
  }
}
