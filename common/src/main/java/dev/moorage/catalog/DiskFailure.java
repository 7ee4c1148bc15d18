package dev.moorage.catalog;

import dev.moorage.linux.Errno;
import dev.moorage.linux.ErrnoException;
import dev.moorage.record.MalformedRecordException;
import dev.moorage.record.NewerRecordException;
import dev.moorage.volume.VolumeException;
import java.io.IOException;

/** What an {@link IOException} on the pool's records and directories means for the caller; each is wrapped here, once. */
final class DiskFailure {

  private DiskFailure() {}

  static VolumeException during(String action, IOException e) {
    return switch (e) {
      case MalformedRecordException _, NewerRecordException _ ->
          new VolumeException.Corrupt(action, String.valueOf(e.getMessage()), remedy(e), e);
      case IOException _ when isNoSpace(e) ->
          new VolumeException.NoSpace(action, "the pool's disk is full (" + e.getMessage() + ")",
              "Empty the trash, delete snapshots, or give the pool a larger disk", e);
      case IOException _ ->
          new VolumeException.Unavailable(action, "the pool's disk refused: " + e,
              "See the kernel's log for errors of the disk, then try again", e);
    };
  }

  /** What an operator can do about a record that cannot be read. */
  static String remedy(IOException e) {
    return switch (e) {
      case NewerRecordException _ -> "Install the Moorage that wrote it, or a newer one";
      case IOException _ -> "Nothing was changed. Put back a good copy of this file and start again; the data beside it is untouched";
    };
  }

  private static boolean isNoSpace(IOException e) {
    return e instanceof ErrnoException errno
        ? errno.is(Errno.ENOSPC) || errno.is(Errno.EDQUOT)
        : String.valueOf(e.getMessage()).contains("No space left on device");
  }
}
