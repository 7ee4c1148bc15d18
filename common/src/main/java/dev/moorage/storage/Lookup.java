package dev.moorage.storage;

import dev.moorage.storage.OpenPool.Located;
import dev.moorage.storage.OpenPool.LocatedSnapshot;
import dev.moorage.volume.Owner;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.NotFound;
import dev.moorage.volume.VolumeName;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds what a caller points at, from memory. A reference that fits several things is refused with the candidates listed. */
record Lookup(OpenPools pools, Owner caller, String action) {

  private static final String LATEST = "latest";
  private static final int CANDIDATES_MAX = 10;

  Optional<Located> volume(VolumeRef ref) throws VolumeException {
    Optional<Located> found = switch (ref) {
      case VolumeRef.ById(var id) -> pools.volume(id);
      case VolumeRef.Named(var owner, var name) -> pools.volume(owner, name);
      case VolumeRef.Plain(var name) -> plain(name);
    };
    return found.filter(each -> !PrivateCopy.isOne(each.volume()));
  }

  Located requiredVolume(VolumeRef ref) throws VolumeException {
    return volume(ref).orElseThrow(() -> new NotFound(action, "there is no volume " + ref, "moorage volume ls shows those there are"));
  }

  private Optional<Located> plain(VolumeName name) throws VolumeException {
    Optional<Located> own = pools.volume(caller, name);
    if (own.isPresent()) {
      return own;
    }
    return only("volume " + name, all(OpenPool::volumes).filter(each -> each.volume().name().equals(name)).toList(),
        each -> each.volume().owner() + "/" + each.volume().name());
  }

  /** The newest in the trash that fits, the caller's own before those of others. */
  Optional<Located> trashedVolume(VolumeRef ref) throws VolumeException {
    List<Located> fitting = all(OpenPool::trashedVolumes).filter(each -> fits(ref, each)).toList();
    List<Located> own = fitting.stream().filter(each -> each.volume().owner().equals(caller)).toList();
    List<Located> chosen = own.isEmpty() ? fitting : own;
    Set<String> owners = chosen.stream().map(each -> each.volume().owner().value()).collect(Collectors.toCollection(TreeSet::new));
    if (owners.size() > 1) {
      throw ambiguous("deleted volume " + ref, owners.stream().map(owner -> owner + "/" + ref).toList());
    }
    return chosen.stream().max(Comparator.comparing(each -> each.volume().deletedAt().orElse(each.volume().createdAt())));
  }

  private static boolean fits(VolumeRef ref, Located each) {
    return switch (ref) {
      case VolumeRef.ById(var id) -> each.volume().id().equals(id);
      case VolumeRef.Named(var owner, var name) -> each.volume().owner().equals(owner) && each.volume().name().equals(name);
      case VolumeRef.Plain(var name) -> each.volume().name().equals(name);
    };
  }

  /** Those of the volume, and of every volume that had its name and is gone; oldest first. */
  List<LocatedSnapshot> snapshotsOf(VolumeRef ref) throws VolumeException {
    return all(OpenPool::snapshots).filter(belongsTo(ref)).sorted(byAge(LocatedSnapshot::snapshot)).toList();
  }

  private Predicate<LocatedSnapshot> belongsTo(VolumeRef ref) throws VolumeException {
    return switch (ref) {
      case VolumeRef.ById(var id) -> each -> each.snapshot().volume().equals(id);
      case VolumeRef.Named(var owner, var name) -> belongsTo(owner, name);
      case VolumeRef.Plain(var name) -> belongsTo(ownerOf(name), name);
    };
  }

  private Predicate<LocatedSnapshot> belongsTo(Owner owner, VolumeName name) {
    Optional<Located> living = pools.volume(owner, name);
    return each -> (living.isPresent() && each.snapshot().volume().equals(living.get().volume().id()))
        || (each.snapshot().owner().equals(owner) && each.snapshot().volumeName().equals(name));
  }

  /** Whose volume or snapshots a plain name means. */
  private Owner ownerOf(VolumeName name) throws VolumeException {
    Set<String> owners = new TreeSet<>();
    all(OpenPool::volumes).filter(each -> each.volume().name().equals(name)).forEach(each -> owners.add(each.volume().owner().value()));
    all(OpenPool::snapshots).filter(each -> each.snapshot().volumeName().equals(name))
        .forEach(each -> owners.add(each.snapshot().owner().value()));
    if (owners.isEmpty() || owners.contains(caller.value())) {
      return caller;
    }
    if (owners.size() > 1) {
      throw ambiguous("volume " + name, owners.stream().map(owner -> owner + "/" + name).toList());
    }
    return new Owner(owners.iterator().next());
  }

  Optional<LocatedSnapshot> snapshot(SnapshotRef ref) throws VolumeException {
    return switch (ref) {
      case SnapshotRef.ById(var id) -> pools.snapshot(id);
      case SnapshotRef.Of(var volume, var name) -> named(ref, snapshotsOf(volume), name.value());
      case SnapshotRef.Remote _ -> Optional.empty();
    };
  }

  private Optional<LocatedSnapshot> named(SnapshotRef ref, List<LocatedSnapshot> all, String name) throws VolumeException {
    List<LocatedSnapshot> fitting = all.stream().filter(each -> each.snapshot().name().value().equals(name)).toList();
    if (fitting.isEmpty() && name.equals(LATEST) && !all.isEmpty()) {
      return Optional.of(all.getLast());
    }
    List<LocatedSnapshot> living = fitting.stream().filter(each -> pools.volume(each.snapshot().volume()).isPresent()).toList();
    return only("snapshot " + ref, living.isEmpty() ? fitting : living, Lookup::candidate);
  }

  private static String candidate(LocatedSnapshot each) {
    return each.snapshot().id() + " (" + each.snapshot().label() + " of " + each.snapshot().createdAt() + ")";
  }

  LocatedSnapshot requiredSnapshot(SnapshotRef ref) throws VolumeException {
    return snapshot(ref).orElseThrow(
        () -> new NotFound(action, "there is no snapshot " + ref, "moorage snapshot ls shows those there are"));
  }

  /** The newest in the trash that fits. */
  Optional<LocatedSnapshot> trashedSnapshot(SnapshotRef ref) throws VolumeException {
    Predicate<LocatedSnapshot> fits = switch (ref) {
      case SnapshotRef.ById(var id) -> each -> each.snapshot().id().equals(id);
      case SnapshotRef.Of(var volume, var name) -> {
        Predicate<LocatedSnapshot> belongs = belongsToTrashed(volume);
        yield each -> each.snapshot().name().equals(name) && belongs.test(each);
      }
      case SnapshotRef.Remote _ -> _ -> false;
    };
    return all(OpenPool::trashedSnapshots).filter(fits)
        .max(Comparator.comparing(each -> each.snapshot().deletedAt().orElse(each.snapshot().createdAt())));
  }

  private Predicate<LocatedSnapshot> belongsToTrashed(VolumeRef ref) throws VolumeException {
    if (ref instanceof VolumeRef.Plain(var name) && pools.volume(caller, name).isEmpty()) {
      Set<String> owners = all(OpenPool::trashedSnapshots).filter(each -> each.snapshot().volumeName().equals(name))
          .map(each -> each.snapshot().owner().value()).collect(Collectors.toCollection(TreeSet::new));
      if (owners.size() == 1) {
        return belongsTo(new Owner(owners.iterator().next()), name);
      }
    }
    return belongsTo(ref);
  }

  private <T> Stream<T> all(Function<OpenPool, Stream<T>> part) {
    return pools.all().stream().flatMap(part);
  }

  private static <T> Comparator<T> byAge(Function<T, Snapshot> snapshot) {
    return Comparator.comparing(each -> snapshot.apply(each).createdAt());
  }

  private <T> Optional<T> only(String thing, List<T> candidates, Function<T, String> text) throws VolumeException {
    if (candidates.size() > 1) {
      throw ambiguous(thing, candidates.stream().map(text).sorted().toList());
    }
    return candidates.stream().findFirst();
  }

  private InvalidArgument ambiguous(String thing, List<String> candidates) {
    String more = candidates.size() > CANDIDATES_MAX ? ", and " + (candidates.size() - CANDIDATES_MAX) + " more" : "";
    return new InvalidArgument(action, thing + " could mean several",
        "Name one of: " + candidates.stream().limit(CANDIDATES_MAX).collect(Collectors.joining(", ")) + more);
  }
}
