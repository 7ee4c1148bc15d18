package dev.moorage.admin;

import dev.moorage.storage.Storage;
import dev.moorage.volume.VolumeException;
import java.util.Optional;

/** What stands between a socket that answers already and a storage that is still being opened. Safe for use by several threads. */
public interface StorageGate {

  /** The storage, waiting while it is being opened; Unavailable when that takes too long. */
  Storage await() throws VolumeException;

  /** The storage, if it is open by now. */
  Optional<Storage> now();
}
