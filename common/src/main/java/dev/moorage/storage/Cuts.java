package dev.moorage.storage;

import dev.moorage.backend.BackendFeature;
import dev.moorage.catalog.SnapshotDraft;
import dev.moorage.storage.OpenPool.Located;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.AlreadyExists;
import dev.moorage.volume.VolumeException.Unsupported;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Cuts snapshots. Call with the locks of the volumes. */
record Cuts(Core core, String action) {

  /** The snapshot of that name when it is there; else a new one. */
  Snapshot one(Located located, Optional<SnapshotName> asked) throws VolumeException {
    Volume volume = Core.current(action, located);
    OpenPool pool = located.pool();
    if (asked.isPresent()) {
      Optional<Snapshot> present = present(pool, volume, asked.get());
      if (present.isPresent()) {
        return present.get();
      }
    }
    SnapshotName name = asked.orElseGet(() -> SnapshotNames.automatic(pool.catalog(), volume.id(), core.clock().instant()));
    return cut(pool, List.of(volume), name).getFirst();
  }

  private static Optional<Snapshot> present(OpenPool pool, Volume volume, SnapshotName name) {
    return pool.catalog().snapshotsOf(volume.id()).stream().filter(each -> each.name().equals(name)).findFirst();
  }

  /** All in one pool, of one backend. */
  List<Snapshot> group(List<Located> members, SnapshotName name) throws VolumeException {
    OpenPool pool = members.getFirst().pool();
    List<Volume> volumes = new ArrayList<>();
    List<Snapshot> present = new ArrayList<>();
    Set<BackendKind> backends = new HashSet<>();
    for (Located member : members) {
      if (!member.pool().id().equals(pool.id())) {
        throw new Unsupported(action, "the volumes are in pools " + pool.name() + " and " + member.pool().name(),
            "Group volumes of one pool; several pools cannot be cut at one moment");
      }
      Volume volume = Core.current(action, member);
      volumes.add(volume);
      backends.add(volume.spec().backend());
      present(pool, volume, name).ifPresent(present::add);
    }
    if (backends.size() > 1) {
      throw new Unsupported(action, "the volumes have different backends", "Group volumes of backend image");
    }
    return present.isEmpty() ? cut(pool, volumes, name) : repeated(present, volumes.size(), name);
  }

  /** A group of that name that is there already, whole, is the answer to a repeated request. */
  private List<Snapshot> repeated(List<Snapshot> present, int members, SnapshotName name) throws VolumeException {
    boolean one = present.size() == members && present.stream().map(Snapshot::group).distinct().count() == 1
        && (members == 1 || present.getFirst().group().isPresent());
    if (!one) {
      throw new AlreadyExists(action, present.getFirst().label() + " exists and is not of one group with the others",
          "Choose another name than " + name);
    }
    return present;
  }

  List<Snapshot> cut(OpenPool pool, List<Volume> volumes, SnapshotName name) throws VolumeException {
    List<SnapshotDraft> drafts = new ArrayList<>();
    long charge = 0;
    for (Volume volume : volumes) {
      Core.demandWhole(action, volume);
      if (!pool.backend(volume).profile().has(BackendFeature.SNAPSHOT)) {
        throw new Unsupported(action, "volume " + volume.name() + " has backend " + volume.spec().backend().word()
            + ", which has no snapshots", "Use a volume with backend=image");
      }
      charge += pool.backend(volume).inspect(pool.catalog().home(volume)).allocated();
      drafts.add(new SnapshotDraft(SnapshotId.random(), volume.id(), name, pool.stages().filesystem(volume)));
    }
    return core.room().with(pool, charge, 0, () -> pool.catalog().cut(drafts));
  }
}
