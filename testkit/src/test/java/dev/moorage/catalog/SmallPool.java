package dev.moorage.catalog;

import dev.moorage.pool.Pool;
import dev.moorage.pool.PoolCapacity;
import dev.moorage.pool.PoolLayout;
import dev.moorage.pool.PoolSettings;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.PoolName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A pool that is a directory and says of its capacity what the test wants. */
final class SmallPool implements Pool {

  private static final PoolId ID = PoolId.parse("00000000-0000-4000-8000-0000000000aa");

  private final PoolLayout layout;
  private final PoolSettings settings;
  volatile PoolCapacity capacity = new PoolCapacity(1L << 40, 1L << 40, 0, 1L << 40);

  private SmallPool(Path directory) {
    this.layout = new PoolLayout(directory);
    this.settings = PoolSettings.at(new PoolName("small"), directory);
  }

  static SmallPool at(Path directory) {
    SmallPool pool = new SmallPool(directory);
    try {
      for (Path each : pool.layout.directories()) {
        Files.createDirectories(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return pool;
  }

  void promisable(long bytes) {
    capacity = new PoolCapacity(bytes, bytes, 0, bytes);
  }

  @Override
  public PoolId id() {
    return ID;
  }

  @Override
  public PoolName name() {
    return settings.name();
  }

  @Override
  public PoolSettings settings() {
    return settings;
  }

  @Override
  public PoolLayout layout() {
    return layout;
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
  public PoolCapacity capacity() {
    return capacity;
  }

  @Override
  public boolean ensureHeadroom(long wanted) {
    return true;
  }

  @Override
  public void grow(long bytes) {}

  @Override
  public void close() {}
}
