package dev.moorage.catalog;

import dev.moorage.volume.Owner;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeId;
import dev.moorage.volume.VolumeName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The records in memory, found by id, name and relation. Queries take no lock; every answer is one that was true at some moment of
 * the call. Names of living volumes are reserved before anything is made, in one atomic step. Safe for use by several threads.
 */
final class Index {

  /** What a volume is called: names are unique per owner. */
  record Label(Owner owner, VolumeName name) {
    static Label of(Volume volume) {
      return new Label(volume.owner(), volume.name());
    }
  }

  /** What a snapshot is called, among all those of an owner: several volumes may have one of that name. */
  record SnapshotLabel(Owner owner, SnapshotName name) {
    static SnapshotLabel of(Snapshot snapshot) {
      return new SnapshotLabel(snapshot.owner(), snapshot.name());
    }
  }

  private static final Comparator<Snapshot> OLDEST_FIRST =
      Comparator.comparing(Snapshot::createdAt).thenComparing(each -> each.id().value());

  private final Map<VolumeId, Volume> volumes = new ConcurrentHashMap<>();
  private final Map<VolumeId, Volume> trashedVolumes = new ConcurrentHashMap<>();
  private final Map<Label, VolumeId> names = new ConcurrentHashMap<>();
  private final Map<SnapshotId, Snapshot> snapshots = new ConcurrentHashMap<>();
  private final Map<SnapshotId, Snapshot> trashedSnapshots = new ConcurrentHashMap<>();
  private final Map<VolumeId, List<Snapshot>> snapshotsByVolume = new ConcurrentHashMap<>();
  private final Map<Label, List<Snapshot>> snapshotsByLabel = new ConcurrentHashMap<>();
  private final SnapshotsBy<SnapshotLabel> snapshotsByName = new SnapshotsBy<>(each -> Optional.of(SnapshotLabel.of(each)));
  private final SnapshotsBy<UUID> snapshotsByGroup = new SnapshotsBy<>(Snapshot::group);
  private final Set<SnapshotId> views = ConcurrentHashMap.newKeySet();

  Optional<Volume> volume(VolumeId id) {
    return Optional.ofNullable(volumes.get(id));
  }

  Optional<Volume> volume(Label label) {
    return Optional.ofNullable(names.get(label)).map(volumes::get).filter(volume -> Label.of(volume).equals(label));
  }

  Collection<Volume> volumes() {
    return Collections.unmodifiableCollection(volumes.values());
  }

  Optional<Volume> trashedVolume(VolumeId id) {
    return Optional.ofNullable(trashedVolumes.get(id));
  }

  Collection<Volume> trashedVolumes() {
    return Collections.unmodifiableCollection(trashedVolumes.values());
  }

  Optional<Snapshot> snapshot(SnapshotId id) {
    return Optional.ofNullable(snapshots.get(id));
  }

  Collection<Snapshot> snapshots() {
    return Collections.unmodifiableCollection(snapshots.values());
  }

  Optional<Snapshot> trashedSnapshot(SnapshotId id) {
    return Optional.ofNullable(trashedSnapshots.get(id));
  }

  Collection<Snapshot> trashedSnapshots() {
    return Collections.unmodifiableCollection(trashedSnapshots.values());
  }

  List<Snapshot> snapshotsOf(VolumeId volume) {
    return snapshotsByVolume.getOrDefault(volume, List.of());
  }

  List<Snapshot> snapshotsOf(Label label) {
    return snapshotsByLabel.getOrDefault(label, List.of());
  }

  Collection<Snapshot> snapshotsNamed(SnapshotLabel label) {
    return snapshotsByName.of(label);
  }

  Collection<Snapshot> snapshotsOfGroup(UUID group) {
    return snapshotsByGroup.of(group);
  }

  Set<SnapshotId> views() {
    return Collections.unmodifiableSet(views);
  }

  /** Makes the name this volume's own, living or yet to be made; nobody finds it by that name before {@link #add}. */
  void reserve(String action, Label label, VolumeId id) throws VolumeException {
    VolumeId taken = names.putIfAbsent(label, id);
    if (taken != null && !taken.equals(id)) {
      throw new VolumeException.AlreadyExists(action, label.owner() + " has a volume named " + label.name() + " already",
          "Choose another name");
    }
  }

  /** Gives a name back that {@link #reserve} took and that no living volume bears. */
  void release(Label label, VolumeId id) {
    names.remove(label, id);
  }

  /** A volume lives from now on; its name is reserved. */
  void add(Volume volume) {
    volumes.put(volume.id(), volume);
    trashedVolumes.remove(volume.id());
  }

  /** Replaces a living volume, whose new name is reserved. */
  void replace(Volume old, Volume changed) {
    volumes.put(changed.id(), changed);
    if (!Label.of(old).equals(Label.of(changed))) {
      release(Label.of(old), old.id());
    }
  }

  void addTrashed(Volume volume) {
    trashedVolumes.put(volume.id(), volume);
    volumes.remove(volume.id());
    release(Label.of(volume), volume.id());
  }

  void forgetTrashed(VolumeId id) {
    trashedVolumes.remove(id);
  }

  /** It lives from now on; takes the place of an older record of it. */
  void add(Snapshot snapshot) {
    snapshots.put(snapshot.id(), snapshot);
    snapshotsByVolume.compute(snapshot.volume(), (_, list) -> with(list, snapshot));
    snapshotsByLabel.compute(labelOf(snapshot), (_, list) -> with(list, snapshot));
    snapshotsByName.put(snapshot);
    snapshotsByGroup.put(snapshot);
    trashedSnapshots.remove(snapshot.id());
  }

  /** Replaces the record of a snapshot where it is, living or trashed; a living one is found all the while. */
  void replace(Snapshot changed) {
    if (trashedSnapshots.containsKey(changed.id())) {
      trashedSnapshots.put(changed.id(), changed);
    } else {
      add(changed);
    }
  }

  void addTrashed(Snapshot snapshot) {
    trashedSnapshots.put(snapshot.id(), snapshot);
    snapshots.remove(snapshot.id());
    snapshotsByVolume.computeIfPresent(snapshot.volume(), (_, list) -> without(list, snapshot.id()));
    snapshotsByLabel.computeIfPresent(labelOf(snapshot), (_, list) -> without(list, snapshot.id()));
    snapshotsByName.remove(snapshot);
    snapshotsByGroup.remove(snapshot);
  }

  void forgetTrashed(SnapshotId id) {
    trashedSnapshots.remove(id);
  }

  void addView(SnapshotId snapshot) {
    views.add(snapshot);
  }

  void removeView(SnapshotId snapshot) {
    views.remove(snapshot);
  }

  private static Label labelOf(Snapshot snapshot) {
    return new Label(snapshot.owner(), snapshot.volumeName());
  }

  private static List<Snapshot> with(@Nullable List<Snapshot> list, Snapshot snapshot) {
    List<Snapshot> longer = new ArrayList<>(list == null ? List.of() : list);
    longer.removeIf(each -> each.id().equals(snapshot.id()));
    longer.add(snapshot);
    longer.sort(OLDEST_FIRST);
    return List.copyOf(longer);
  }

  /** Null when nothing is left, which takes the list out of its map. */
  private static @Nullable List<Snapshot> without(List<Snapshot> list, SnapshotId id) {
    List<Snapshot> shorter = list.stream().filter(each -> !each.id().equals(id)).toList();
    return shorter.isEmpty() ? null : shorter;
  }
}
