package dev.moorage.pool;

import dev.moorage.linux.FileOps;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/** A pool in a pool file that grows by itself. */
final class AutomaticPool implements Pool {

  /** Each growth also costs the filesystem something, so that one may fall a little short of what is wanted. */
  private static final int GROWTHS_MAX = 4;

  private final PoolSettings settings;
  private final PoolFile file;
  private final PoolMount mount;
  private final PoolId id;
  private final double overcommit;
  private final FileOps.Lock lock;
  /** Held by who changes the pool file; never across a call from outside. */
  private final ReentrantLock growth = new ReentrantLock();
  private boolean closed;

  AutomaticPool(PoolSettings settings, PoolFile file, PoolMount mount, PoolId id, double overcommit, FileOps.Lock lock) {
    this.settings = settings;
    this.file = file;
    this.mount = mount;
    this.id = id;
    this.overcommit = overcommit;
    this.lock = lock;
  }

  @Override
  public PoolId id() {
    return id;
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
    return new PoolLayout(mount.target());
  }

  @Override
  public boolean automatic() {
    return true;
  }

  @Override
  public double overcommit() {
    return overcommit;
  }

  @Override
  public PoolCapacity capacity() throws VolumeException {
    try {
      return PoolCapacity.of(FileOps.space(mount.target()), file.host().takable(), overcommit);
    } catch (IOException e) {
      throw failure("measure", e);
    }
  }

  @Override
  public boolean ensureHeadroom(long wanted) throws VolumeException {
    long headroom = settings.file().headroom().bytes();
    long needed = wanted > Long.MAX_VALUE - headroom ? Long.MAX_VALUE : headroom + wanted;
    try {
      if (free() >= needed && file.holes() <= 0) {
        return true;
      }
      return makeHeadroom(headroom, needed);
    } catch (IOException e) {
      throw failure("grow", e);
    }
  }

  private boolean makeHeadroom(long headroom, long needed) throws IOException, VolumeException {
    growth.lock();
    try {
      if (closed) {
        return false;
      }
      file.fillHoles(action("grow"));
      // What the host cannot give in any case is not begun: a request that must fail would take everything there is.
      boolean hopeless = needed - free() > file.host().takable();
      growUntilFree(hopeless ? headroom : needed);
      return free() >= needed;
    } finally {
      growth.unlock();
    }
  }

  private void growUntilFree(long needed) throws IOException {
    for (int i = 0; i < GROWTHS_MAX; i++) {
      long missing = needed - free();
      long step = missing <= 0 ? 0 : file.step(missing);
      if (step == 0) {
        return;
      }
      extend(step);
    }
  }

  @Override
  public void grow(long bytes) throws VolumeException {
    growth.lock();
    try {
      if (closed) {
        throw new VolumeException.Unavailable(action("grow"), "it was closed", "");
      }
      if (bytes > file.host().takable()) {
        throw file.host().refusal(action("grow"), bytes);
      }
      extend(bytes);
    } catch (IOException e) {
      throw failure("grow", e);
    } finally {
      growth.unlock();
    }
  }

  private void extend(long bytes) throws IOException {
    file.extend(bytes);
    mount.fillDevice();
    System.getLogger(AutomaticPool.class.getName()).log(System.Logger.Level.INFO,
        "pool {0} grew to {1}", name(), ByteSize.ofBytes(file.bytes()));
  }

  private long free() throws IOException {
    return FileOps.space(mount.target()).free();
  }

  @Override
  public void close() throws VolumeException {
    growth.lock();
    try (lock) {
      if (!closed) {
        closed = true;
        mount.release();
      }
    } catch (IOException e) {
      throw failure("close", e);
    } finally {
      growth.unlock();
    }
  }

  private String action(String verb) {
    return verb + " pool " + name();
  }

  private VolumeException failure(String verb, IOException cause) {
    return PoolFailure.of(action(verb), settings.root(), cause);
  }
}
