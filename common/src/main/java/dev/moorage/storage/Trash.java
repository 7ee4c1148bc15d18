package dev.moorage.storage;

import dev.moorage.storage.OpenPool.Located;
import dev.moorage.storage.OpenPool.LocatedSnapshot;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What was deleted and can still be undone. */
final class Trash {

  private final KeyedLock locks;

  Trash(KeyedLock locks) {
    this.locks = locks;
  }

  /** One deleted thing, with the bytes that it is charged with while it can be undone. */
  sealed interface Item {
    OpenPool pool();

    Instant deletedAt();

    long charged();

    record OfVolume(OpenPool pool, Volume volume) implements Item {
      @Override
      public Instant deletedAt() {
        return volume.deletedAt().orElse(volume.createdAt());
      }

      @Override
      public long charged() {
        return volume.spec().size().bytes();
      }
    }

    record OfSnapshot(OpenPool pool, Snapshot snapshot) implements Item {
      @Override
      public Instant deletedAt() {
        return snapshot.deletedAt().orElse(snapshot.createdAt());
      }

      @Override
      public long charged() {
        return snapshot.charged().bytes();
      }
    }
  }

  /** Oldest first. */
  static List<Item> items(OpenPool pool) {
    Stream<Item> volumes = pool.trashedVolumes().map(Trash::item);
    Stream<Item> snapshots = pool.trashedSnapshots().map(Trash::item);
    return Stream.concat(volumes, snapshots).sorted(Comparator.comparing(Item::deletedAt)).toList();
  }

  private static Item item(Located each) {
    return new Item.OfVolume(each.pool(), each.volume());
  }

  private static Item item(LocatedSnapshot each) {
    return new Item.OfSnapshot(each.pool(), each.snapshot());
  }

  static Trashed describe(Item item) {
    Duration retention = item.pool().pool().settings().trashRetention();
    Instant until = item.deletedAt().plus(retention);
    return switch (item) {
      case Item.OfVolume(var pool, var volume) -> new Trashed(volume.id().toString(), "volume", volume.owner().value(),
          volume.name().value(), allocated(item), item.deletedAt(), until);
      case Item.OfSnapshot(var pool, var snapshot) -> new Trashed(snapshot.id().toString(), "snapshot", snapshot.owner().value(),
          snapshot.label(), allocated(item), item.deletedAt(), until);
    };
  }

  /** Bytes on disk, or 0 when that cannot be told now. */
  static long allocated(Item item) {
    try {
      return switch (item) {
        case Item.OfVolume(var pool, var volume) -> Math.max(0, pool.backend(volume).inspect(pool.catalog().home(volume)).allocated());
        case Item.OfSnapshot(var pool, var snapshot) -> Math.max(0,
            pool.catalog().backend(snapshot.spec().backend()).inspect(pool.catalog().home(snapshot)).allocated());
      };
    } catch (VolumeException e) {
      return 0;
    }
  }

  /** Deletes it for good; what somebody works with just now, or uses, is left where it is. */
  boolean purge(Item item) throws VolumeException {
    LockKey key = switch (item) {
      case Item.OfVolume(_, var volume) -> LockKey.of(volume.id());
      case Item.OfSnapshot(_, var snapshot) -> LockKey.of(snapshot.id());
    };
    try (KeyedLock.Hold _ = locks.acquire("empty the trash", Duration.ZERO, List.of(key))) {
      switch (item) {
        case Item.OfVolume(var pool, var volume) -> pool.catalog().purge(volume.id());
        case Item.OfSnapshot(var pool, var snapshot) -> pool.catalog().purge(snapshot.id());
      }
      return true;
    } catch (VolumeException.Busy | VolumeException.InUse e) {
      return false;
    }
  }
}
