package dev.moorage.storage;

import dev.moorage.catalog.Problem;
import dev.moorage.pool.Pool;
import dev.moorage.pool.PoolCapacity;
import dev.moorage.telemetry.PoolMeasure;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.VolumeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What there is to say about an open pool. */
final class PoolMeasures {

  private PoolMeasures() {}

  static PoolStatus status(OpenPool open, boolean byDefault) {
    Pool pool = open.pool();
    List<String> problems = new ArrayList<>();
    Optional<PoolCapacity> capacity = capacity(open, problems);
    open.catalog().problems().stream().map(Problem::toString).limit(3).forEach(problems::add);
    return new PoolStatus(pool.id(), pool.settings(), byDefault, pool.automatic(), pool.overcommit(), capacity,
        open.catalog().chargedBytes(), (int) open.volumes().count(), open.catalog().snapshots().size(), Trash.items(open).size(),
        problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems)));
  }

  private static Optional<PoolCapacity> capacity(OpenPool open, List<String> problems) {
    try {
      PoolCapacity capacity = open.pool().capacity();
      if (Room.isUnderPressure(open)) {
        problems.add("it has only " + ByteSize.ofBytes(capacity.free()) + " free: writers may soon find no space. "
            + "Empty the trash, delete snapshots or volumes, or give it more room");
      }
      if (open.catalog().chargedBytes() > capacity.promisable()) {
        problems.add("it has promised more than it can keep: new volumes and snapshots are refused");
      }
      return Optional.of(capacity);
    } catch (VolumeException e) {
      problems.add(e.getMessage());
      return Optional.empty();
    }
  }

  static PoolMeasure measure(OpenPool open) {
    long total = -1;
    long free = -1;
    try {
      PoolCapacity capacity = open.pool().capacity();
      total = capacity.total();
      free = capacity.free();
    } catch (VolumeException e) {
      System.getLogger(PoolMeasures.class.getName()).log(System.Logger.Level.WARNING, e.getMessage());
    }
    return new PoolMeasure(open.name().value(), (int) open.volumes().count(), open.catalog().snapshots().size(),
        open.catalog().trashedVolumes().size() + open.catalog().trashedSnapshots().size(), open.stages().volumes().size(),
        total, free, open.catalog().chargedBytes());
  }
}
