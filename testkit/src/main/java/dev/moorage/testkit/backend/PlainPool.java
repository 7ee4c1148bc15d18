package dev.moorage.testkit.backend;

import dev.moorage.linux.FileOps;
import dev.moorage.pool.Pool;
import dev.moorage.pool.PoolCapacity;
import dev.moorage.pool.PoolLayout;
import dev.moorage.pool.PoolSettings;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A pool that is only a directory with the places of its layout: no lock, no record, no pool file. */
public record PlainPool(PoolId id, PoolSettings settings, PoolLayout layout) implements Pool {

  /** Makes the places where they are absent. */
  public static PlainPool at(Path directory) {
    PoolLayout layout = new PoolLayout(directory);
    try {
      for (Path place : layout.directories()) {
        Files.createDirectories(place);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new PlainPool(PoolId.random(), PoolSettings.at(new PoolName("plain"), directory), layout);
  }

  @Override
  public PoolName name() {
    return settings.name();
  }

  @Override
  public boolean automatic() {
    return false;
  }

  @Override
  public double overcommit() {
    return 1.0;
  }

  @Override
  public PoolCapacity capacity() throws VolumeException {
    try {
      FileOps.Space space = FileOps.space(layout.directory());
      return new PoolCapacity(space.total(), space.free(), 0, space.total());
    } catch (IOException e) {
      throw new VolumeException.Unavailable("measure pool " + name(), e.toString(), "", e);
    }
  }

  @Override
  public boolean ensureHeadroom(long wanted) throws VolumeException {
    return capacity().free() >= wanted;
  }

  @Override
  public void grow(long bytes) throws VolumeException {
    throw new VolumeException.Unsupported("grow pool " + name(), "it is a plain directory", "");
  }

  @Override
  public void close() {}
}
