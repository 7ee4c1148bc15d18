package dev.moorage.storage;

import dev.moorage.storage.OpenPool.Located;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.OutOfRange;

/** Makes a volume larger: record and data first, then the filesystem inside while it is mounted; the next mount does it otherwise. */
record Growth(Core core, String action) {

  private static final int SECTOR_BYTES = 4096;

  Volume grow(Located located, ByteSize asked) throws VolumeException {
    Volume volume = Core.current(action, located);
    OpenPool pool = located.pool();
    ByteSize size = volume.spec().backend() == BackendKind.DIRECTORY ? asked : asked.roundUpTo(SECTOR_BYTES);
    ByteSize present = volume.spec().size();
    if (size.compareTo(present) < 0) {
      throw new OutOfRange(action, "it has " + present + " and volumes never shrink",
          "Ask for more than " + present + ", or copy it into a smaller volume");
    }
    long more = size.bytes() - present.bytes();
    Volume grown = more == 0 ? volume
        : core.room().with(pool, more, volume.spec().preallocated() ? more : 0, () -> pool.catalog().grow(volume.id(), size));
    return pool.stages().growFilesystem(grown);
  }
}
