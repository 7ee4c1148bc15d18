package dev.moorage.pool;

import dev.moorage.volume.PoolId;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** Opens pools. Safe for use by several threads. */
public final class Pools {

  private Pools() {}

  /**
   * Opens the pool at {@code settings.root}, making it when the directory is absent or empty. See {@link Pool}.
   *
   * <p>A pool and a copy of it have the same id and the same volumes, so only one of them may be open on a host. Who opens several
   * pools refuses two of one id; of two pool files the kernel refuses the second, whoever opens it ({@code AlreadyExists}).
   *
   * @throws VolumeException.InvalidArgument when the root holds something else than a pool; nothing was touched
   * @throws VolumeException.InUse when another process has it open
   * @throws VolumeException.NoSpace when the host has too little for a pool file, less its reserve
   * @throws VolumeException.Unsupported when the root's filesystem cannot hold a pool file, a program is missing, or a newer Moorage
   *     made the pool
   * @throws VolumeException.Corrupt when its record or its pool file is not what it must be
   */
  public static Pool open(PoolSettings settings) throws VolumeException {
    return new PoolOpening(settings, Clock.systemUTC()).open();
  }

  /** The id of the pool at this root, open or not, or empty when there is none. Changes nothing on disk. */
  public static Optional<PoolId> identify(Path root) throws VolumeException {
    PoolRoot place = new PoolRoot(root);
    try {
      if (Files.exists(place.file())) {
        return Optional.of(PoolFile.of(place, PoolFileSettings.DEFAULT).id());
      }
      Path record = place.layout().record();
      return Files.exists(record) ? Optional.of(PoolRecord.read(record).id()) : Optional.empty();
    } catch (IOException e) {
      throw PoolFailure.of("identify the pool at " + root, root, e);
    }
  }
}
