package dev.moorage.pool;

import dev.moorage.linux.FileOps;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.VolumeException;
import java.io.IOException;

/** A pool in the very directory that the operator named. */
record DirectPool(PoolSettings settings, PoolLayout layout, PoolId id, double overcommit, FileOps.Lock lock) implements Pool {

  @Override
  public PoolName name() {
    return settings.name();
  }

  @Override
  public boolean automatic() {
    return false;
  }

  @Override
  public PoolCapacity capacity() throws VolumeException {
    return PoolCapacity.of(space("measure"), 0, overcommit);
  }

  @Override
  public boolean ensureHeadroom(long wanted) throws VolumeException {
    return space("measure").free() >= wanted;
  }

  @Override
  public void grow(long bytes) throws VolumeException {
    throw new VolumeException.Unsupported("grow pool " + name(),
        "it is the directory " + layout.directory() + " of a filesystem, not a pool file", "Make that filesystem larger");
  }

  private FileOps.Space space(String verb) throws VolumeException {
    try {
      return FileOps.space(layout.directory());
    } catch (IOException e) {
      throw PoolFailure.of(verb + " pool " + name(), layout.directory(), e);
    }
  }

  @Override
  public void close() throws VolumeException {
    try {
      lock.close();
    } catch (IOException e) {
      throw PoolFailure.of("close pool " + name(), layout.directory(), e);
    }
  }
}
