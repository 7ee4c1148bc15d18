package dev.moorage.storage;

import dev.moorage.backend.Attachment;
import dev.moorage.backend.BackendProfile;
import dev.moorage.backend.Cut;
import dev.moorage.backend.DataState;
import dev.moorage.backend.Home;
import dev.moorage.backend.Origin;
import dev.moorage.backend.VolumeBackend;
import dev.moorage.pool.PoolCapacity;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A backend whose {@code create} and {@code attach} wait for the test while a gate is set. */
final class SlowBackend implements VolumeBackend {

  /** What calls wait for, and how many have come. */
  static final class Gate {
    private volatile CountDownLatch latch = new CountDownLatch(0);
    private volatile CountDownLatch arrived = new CountDownLatch(0);

    void shut() {
      arrived = new CountDownLatch(1);
      latch = new CountDownLatch(1);
    }

    void open() {
      latch.countDown();
    }

    void awaitArrival() throws InterruptedException {
      arrived.await();
    }

    private void pass() {
      arrived.countDown();
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new AssertionError("nobody interrupts the work", e);
      }
    }
  }

  private final VolumeBackend backend;
  private final Gate gate;

  SlowBackend(VolumeBackend backend, Gate gate) {
    this.backend = backend;
    this.gate = gate;
  }

  @Override
  public BackendProfile profile() {
    return backend.profile();
  }

  @Override
  public void create(Home home, VolumeSpec spec, Origin origin) throws VolumeException {
    gate.pass();
    backend.create(home, spec, origin);
  }

  @Override
  public Attachment attach(Home home, VolumeSpec spec) throws VolumeException {
    gate.pass();
    return backend.attach(home, spec);
  }

  @Override
  public void detach(Home home) throws VolumeException {
    backend.detach(home);
  }

  @Override
  public void grow(Home home, VolumeSpec spec) throws VolumeException {
    backend.grow(home, spec);
  }

  @Override
  public void delete(Home home) throws VolumeException {
    backend.delete(home);
  }

  @Override
  public void cut(List<Cut> members) throws VolumeException {
    backend.cut(members);
  }

  @Override
  public void replace(Home home, Home replacement) throws VolumeException {
    backend.replace(home, replacement);
  }

  @Override
  public Path raw(Home home) throws VolumeException {
    return backend.raw(home);
  }

  @Override
  public DataState inspect(Home home) throws VolumeException {
    return backend.inspect(home);
  }

  @Override
  public PoolCapacity capacity() throws VolumeException {
    return backend.capacity();
  }

  @Override
  public List<Home> list() throws VolumeException {
    return backend.list();
  }
}
