package dev.moorage.catalog;

import dev.moorage.pool.Pool;
import dev.moorage.pool.PoolCapacity;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps a pool's promises: knows what is charged and refuses what would exceed the promisable, or what a disk that is almost full
 * could not take. A charge is reserved before anything is made, in one atomic step, so two operations that run together can never
 * both take the last bytes. Safe for use by several threads.
 */
final class Admission {

  /** New things are refused when less than this, or 2 % of a smaller pool, would stay free: writers need it more. */
  private static final long RESERVE_MAX = 256L << 20;
  private static final int RESERVE_DIVISOR = 50;

  private final Pool pool;
  private final BackendTable backends;
  private final AtomicLong charged = new AtomicLong();

  Admission(Pool pool, BackendTable backends) {
    this.pool = pool;
    this.backends = backends;
  }

  long charged() {
    return charged.get();
  }

  long charge(Volume volume) {
    return backends.isCharged(volume.spec().backend()) ? volume.spec().size().bytes() : 0;
  }

  long charge(Snapshot snapshot) {
    return backends.isCharged(snapshot.spec().backend()) ? snapshot.charged().bytes() : 0;
  }

  /**
   * A view is mounted read-only, so it comes to own what its journal writes when it is replayed: at most the journal's size, which
   * mkfs chooses below 1/128 of the filesystem but not below 64 MiB, and never above 2 GiB.
   */
  long chargeOfView(Snapshot snapshot) {
    long journalMax = Math.clamp(snapshot.spec().size().bytes() / 128, 64L << 20, 2L << 30);
    return backends.isCharged(snapshot.spec().backend()) ? Math.min(snapshot.spec().size().bytes(), journalMax) : 0;
  }

  /** Counts what exists already, whatever was promised. */
  void count(long bytes) {
    charged.addAndGet(bytes);
  }

  void release(long bytes) {
    charged.addAndGet(-bytes);
  }

  /**
   * Reserves a charge for something new.
   *
   * @param action verb and thing, for the message
   * @param bytes what it is charged
   * @param written how much of that is written at once
   * @throws VolumeException.NoSpace when the pool cannot promise or hold it; nothing is reserved
   */
  Reservation reserve(String action, long bytes, long written) throws VolumeException {
    Reservation reservation = new Reservation(action);
    pool.ensureHeadroom(written);
    PoolCapacity capacity = pool.capacity();
    demandFree(action, capacity, written);
    take(action, bytes, capacity.promisable());
    reservation.bytes = bytes;
    return reservation;
  }

  private void demandFree(String action, PoolCapacity capacity, long written) throws VolumeException {
    long reserve = Math.min(RESERVE_MAX, capacity.total() / RESERVE_DIVISOR);
    if (capacity.free() - written < reserve) {
      throw new VolumeException.NoSpace(action,
          "pool " + pool.name() + " has " + text(capacity.free()) + " free of " + text(capacity.total()) + ", and "
              + (written > 0 ? text(written) + " are needed beside " : "")
              + text(reserve) + (written > 0 ? " that are" : " are") + " kept for what is being written",
          remedy());
    }
  }

  private void take(String action, long bytes, long promisable) throws VolumeException {
    long before;
    do {
      before = charged.get();
      if (bytes > 0 && bytes > promisable - before) {
        throw new VolumeException.NoSpace(action,
            "pool " + pool.name() + " can promise " + text(promisable) + ", has promised " + text(before)
                + " to its volumes and snapshots (the trash included), and " + text(bytes) + " more are needed",
            remedy());
      }
    } while (!charged.compareAndSet(before, before + bytes));
  }

  private String remedy() {
    return "Empty the trash, delete snapshots, ask for less, name another pool, or grow this one";
  }

  private static String text(long bytes) {
    return ByteSize.ofBytes(Math.max(0, bytes)).toString();
  }

  /** A charge that is given back on {@link #close} unless it was kept. For use by one thread. */
  final class Reservation implements AutoCloseable {

    private final String action;
    private long bytes;

    private Reservation(String action) {
      this.action = action;
    }

    /** Makes it larger or smaller, now that the true charge is known. */
    void adjustTo(long exact) throws VolumeException {
      if (exact > bytes) {
        take(action, exact - bytes, pool.capacity().promisable());
      } else {
        release(bytes - exact);
      }
      bytes = exact;
    }

    /** The thing exists: the charge stays. */
    void keep() {
      bytes = 0;
    }

    @Override
    public void close() {
      release(bytes);
      bytes = 0;
    }
  }
}
