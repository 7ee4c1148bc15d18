package dev.moorage.linux;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What a file is to the kernel, whatever its name and in whatever mount namespace: its filesystem's device and its inode.
 * Unique among the files that exist now; an inode number is given to another file after the file is gone.
 */
public record FileIdentity(DeviceNumber device, long inode) {

  /**
   * The identity of the file, symbolic links followed.
   *
   * @throws ErrnoException with ENOENT when there is none
   */
  public static FileIdentity of(Path path) throws IOException {
    return Statx.of(path).identity();
  }
}
