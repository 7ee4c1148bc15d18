package dev.moorage.storage;

import dev.moorage.telemetry.Telemetry;
import dev.moorage.volume.VolumeException;

/**
 * The storage core of one host, and the only class that front ends call.
 *
 * <p><b>Idempotency.</b> Every call is safe to repeat after a time-out, by name and by id; it finds what the first one did or still does.
 *
 * <p><b>Locking.</b> One lock per volume, a locking shell around an unlocked core. A call on a volume where another one is under way
 * waits for the caller's patience and then throws Busy. Calls on different volumes do not wait for each other. Reads take no lock.
 *
 * <p><b>Deadlines.</b> The work runs on a bounded pool of platform threads (native calls would pin virtual ones). A caller whose deadline
 * passes gets Unavailable; the work is finished without it. Interrupting the caller does not interrupt the work.
 *
 * <p><b>Durability.</b> A change that was acknowledged survives kill -9 and a power cut. One that was not is finished or rolled back when
 * the storage is opened again: nothing half-made, no loop device, mount or file left over.
 *
 * <p><b>Opening</b> recovers: pools are locked and opened, half-done operations finished or undone, what is still mounted adopted, what nobody
 * uses released. <b>Closing</b> leaves volumes that are in use mounted, so that containers run on while the service is replaced.
 */
public final class Storage implements AutoCloseable {

  private Storage() {}

  public static Storage open(StorageSettings settings, Telemetry telemetry) throws VolumeException {
    throw new AssertionError("BUG: replaced by the storage room");
  }

  public Volumes volumes() {
    throw new AssertionError("BUG: replaced by the storage room");
  }

  public Snapshots snapshots() {
    throw new AssertionError("BUG: replaced by the storage room");
  }

  public Publications publications() {
    throw new AssertionError("BUG: replaced by the storage room");
  }

  public PoolSet pools() {
    throw new AssertionError("BUG: replaced by the storage room");
  }

  public Jobs jobs() {
    throw new AssertionError("BUG: replaced by the storage room");
  }

  @Override
  public void close() throws VolumeException {
    throw new AssertionError("BUG: replaced by the storage room");
  }
}
