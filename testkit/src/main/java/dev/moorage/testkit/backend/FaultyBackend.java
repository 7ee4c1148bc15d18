package dev.moorage.testkit.backend;

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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A backend whose next calls fail as a test asks, before or after the real work. Safe for use by several threads. */
public final class FaultyBackend implements VolumeBackend {

  /** The calls that can be made to fail. */
  public enum Call { CREATE, ATTACH, DETACH, GROW, DELETE, CUT, REPLACE, INSPECT, LIST }

  /** Whether the work was done when the call fails, as when a disk dies late. */
  public enum When { BEFORE, AFTER }

  private record Fault(When when, int remaining) {}

  private final VolumeBackend backend;
  private final Map<Call, Fault> faults = new EnumMap<>(Call.class);

  public FaultyBackend(VolumeBackend backend) {
    this.backend = backend;
  }

  /** Makes the next {@code times} calls of that kind fail with {@link VolumeException.Unavailable}. */
  public synchronized void fail(Call call, When when, int times) {
    faults.put(call, new Fault(when, times));
  }

  private interface Work<T> {
    T run() throws VolumeException;
  }

  private <T> T run(Call call, Work<T> work) throws VolumeException {
    Fault fault = take(call);
    if (fault.remaining > 0 && fault.when == When.BEFORE) {
      throw failure(call);
    }
    T result = work.run();
    if (fault.remaining > 0) {
      if (result instanceof Attachment lost) {
        lost.close();
      }
      throw failure(call);
    }
    return result;
  }

  private synchronized Fault take(Call call) {
    Fault fault = faults.getOrDefault(call, new Fault(When.BEFORE, 0));
    faults.put(call, new Fault(fault.when, Math.max(0, fault.remaining - 1)));
    return fault;
  }

  private static VolumeException failure(Call call) {
    return new VolumeException.Unavailable(call.name(), "a fault was injected", "");
  }

  /** Turns a call without a result into one with a result that nobody reads. */
  private interface Step {
    void run() throws VolumeException;
  }

  private void step(Call call, Step step) throws VolumeException {
    boolean _ = run(call, () -> {
      step.run();
      return true;
    });
  }

  @Override
  public BackendProfile profile() {
    return backend.profile();
  }

  @Override
  public void create(Home home, VolumeSpec spec, Origin origin) throws VolumeException {
    step(Call.CREATE, () -> backend.create(home, spec, origin));
  }

  @Override
  public Attachment attach(Home home, VolumeSpec spec) throws VolumeException {
    return run(Call.ATTACH, () -> backend.attach(home, spec));
  }

  @Override
  public void detach(Home home) throws VolumeException {
    step(Call.DETACH, () -> backend.detach(home));
  }

  @Override
  public void grow(Home home, VolumeSpec spec) throws VolumeException {
    step(Call.GROW, () -> backend.grow(home, spec));
  }

  @Override
  public void delete(Home home) throws VolumeException {
    step(Call.DELETE, () -> backend.delete(home));
  }

  @Override
  public void cut(List<Cut> members) throws VolumeException {
    step(Call.CUT, () -> backend.cut(members));
  }

  @Override
  public void replace(Home home, Home replacement) throws VolumeException {
    step(Call.REPLACE, () -> backend.replace(home, replacement));
  }

  @Override
  public Path raw(Home home) throws VolumeException {
    return backend.raw(home);
  }

  @Override
  public DataState inspect(Home home) throws VolumeException {
    return run(Call.INSPECT, () -> backend.inspect(home));
  }

  @Override
  public PoolCapacity capacity() throws VolumeException {
    return backend.capacity();
  }

  @Override
  public List<Home> list() throws VolumeException {
    return run(Call.LIST, backend::list);
  }
}
