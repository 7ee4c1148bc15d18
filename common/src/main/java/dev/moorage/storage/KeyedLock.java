package dev.moorage.storage;

import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.Busy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One lock per key, which knows the operation that holds it. A hold belongs to an operation, not to a thread: it is taken by the
 * thread of the caller and released by the one that does the work. A key that nobody holds takes no memory.
 */
final class KeyedLock {

  private final ConcurrentMap<LockKey, Entry> entries = new ConcurrentHashMap<>();

  private record Entry(String action, CountDownLatch released) {}

  /** What an operation has locked; releasing it twice is harmless. */
  final class Hold implements AutoCloseable {

    private final List<LockKey> keys;
    private final Entry entry;

    private Hold(List<LockKey> keys, Entry entry) {
      this.keys = keys;
      this.entry = entry;
    }

    @Override
    public void close() {
      keys.forEach(key -> entries.remove(key, entry));
      entry.released().countDown();
    }
  }

  /**
   * Locks every key or none.
   *
   * @param action verb and thing, such as {@code mount volume db}: named to others who want one of the keys meanwhile
   * @throws Busy when another operation still holds one of them after {@code patience}
   */
  Hold acquire(String action, Duration patience, List<LockKey> keys) throws VolumeException {
    Entry mine = new Entry(action, new CountDownLatch(1));
    Hold hold = new Hold(new ArrayList<>(), mine);
    long end = System.nanoTime() + patience.toNanos();
    boolean acquired = false;
    try {
      // In one order for everybody, so that two operations never wait for each other.
      for (LockKey key : keys.stream().distinct().sorted().toList()) {
        acquire(key, mine, end);
        hold.keys.add(key);
      }
      acquired = true;
      return hold;
    } finally {
      if (!acquired) {
        hold.close();
      }
    }
  }

  private void acquire(LockKey key, Entry mine, long end) throws VolumeException {
    for (Entry other = entries.putIfAbsent(key, mine); other != null; other = entries.putIfAbsent(key, mine)) {
      if (!released(other, end - System.nanoTime())) {
        throw new Busy(mine.action(), "another operation is under way: " + other.action(), "Try again in a moment");
      }
    }
  }

  private static boolean released(Entry other, long nanos) {
    try {
      return other.released().await(Math.max(nanos, 0), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The operation that holds the key now. */
  Optional<String> activity(LockKey key) {
    return Optional.ofNullable(entries.get(key)).map(Entry::action);
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }
}
