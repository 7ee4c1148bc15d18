package dev.moorage.storage;

import dev.moorage.linux.Errno;
import dev.moorage.linux.ErrnoException;
import dev.moorage.linux.FileTrouble;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.Corrupt;
import dev.moorage.volume.VolumeException.InUse;
import dev.moorage.volume.VolumeException.NoSpace;
import dev.moorage.volume.VolumeException.Unavailable;
import java.io.IOException;

/** What an {@link IOException} of the host's mounts, devices and directories means for the caller; each is wrapped here, once. */
final class HostFailure {

  private HostFailure() {}

  static VolumeException during(String action, IOException e) {
    if (e instanceof ErrnoException errno) {
      return switch (errno.errno()) {
        case Errno.EBUSY -> new InUse(action, "something has a file or directory of it open (" + FileTrouble.text(e) + ")",
            "End what uses it (fuser -vm shows who) and try again", e);
        case Errno.ENOSPC, Errno.EDQUOT -> new NoSpace(action, "the disk is full (" + FileTrouble.text(e) + ")",
            "Empty the trash, delete snapshots, or give the pool a larger disk", e);
        case Errno.EUCLEAN -> new Corrupt(action, "the filesystem inside is damaged (" + FileTrouble.text(e) + ")",
            "Roll back to a snapshot, or repair a clone of it", e);
        default -> unavailable(action, e);
      };
    }
    return unavailable(action, e);
  }

  private static Unavailable unavailable(String action, IOException e) {
    return new Unavailable(action, FileTrouble.text(e), "See the kernel's log (dmesg), then try again; moorage doctor checks the machine", e);
  }
}
