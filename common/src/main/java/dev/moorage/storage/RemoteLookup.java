package dev.moorage.storage;

import dev.moorage.repository.Repository;
import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.history.History;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.history.VolumeHistory;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.NotFound;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds what a user means by a remote snapshot. A repository that does not answer is an error, because it may hold what is meant, or
 * another thing of that name. For one look-up.
 */
final class RemoteLookup {

  private static final System.Logger LOG = System.getLogger(RemoteLookup.class.getName());
  private static final int CANDIDATES_MAX = 10;

  private final Core core;
  private final String action;
  private final List<RemoteSnapshot> found = new ArrayList<>();
  private Optional<VolumeException> damage = Optional.empty();

  RemoteLookup(Core core, String action) {
    this.core = core;
    this.action = action;
  }

  /** How a look-up ended. */
  sealed interface Answer {
    record Found(RemoteSnapshot snapshot) implements Answer {}

    /** The newest one was meant of a name that provably never had any. */
    record NeverHadAny() implements Answer {}
  }

  /** The one that is meant; NotFound when there is none, InvalidArgument with the candidates when there are several. */
  RemoteSnapshot one(SnapshotRef ref) throws VolumeException {
    return switch (find(ref)) {
      case Answer.Found(RemoteSnapshot snapshot) -> snapshot;
      case Answer.NeverHadAny _ -> throw missing(ref, "");
    };
  }

  Answer find(SnapshotRef ref) throws VolumeException {
    RemoteName name = RemoteName.of(ref);
    Optional<String> only = ref instanceof SnapshotRef.Remote(var repository, var _) ? repository : Optional.empty();
    List<String> names = only.isPresent() ? List.of(only.get()) : core.repositories().names();
    if (names.isEmpty()) {
      throw Creation.missing(action, "snapshot " + ref);
    }
    Map<String, Repository> repositories = new LinkedHashMap<>();
    for (String each : names) {
      repositories.put(each, core.repositories().open(each));
    }
    for (Map.Entry<String, Repository> each : repositories.entrySet()) {
      search(name, each.getKey(), each.getValue());
    }
    if (!found.isEmpty()) {
      return new Answer.Found(choose(ref, name));
    }
    boolean forgotten = false;
    for (Map.Entry<String, Repository> each : repositories.entrySet()) {
      forgotten |= searchAll(name, each.getKey(), each.getValue());
    }
    if (!found.isEmpty()) {
      return new Answer.Found(choose(ref, name));
    }
    if (damage.isPresent()) {
      throw damage.get();
    }
    if (name.isLatest() && !forgotten) {
      return new Answer.NeverHadAny();
    }
    throw missing(ref, forgotten ? "; those of that volume are forgotten or have other names" : "");
  }

  private NotFound missing(SnapshotRef ref, String more) throws VolumeException {
    return new NotFound(action, "there is no snapshot " + ref + ", neither here nor in repository "
        + String.join(", ", core.repositories().names()) + more, "moorage repository snapshots shows what is there");
  }

  /** Looks at the newest snapshot of each volume, and at all of those volumes that bear the name. */
  private void search(RemoteName name, String repositoryName, Repository repository) throws VolumeException {
    if (name instanceof RemoteName.ById || name instanceof RemoteName.BySeat) {
      return;
    }
    History history = repository.history();
    for (VolumeHistory volume : histories(repositoryName, repository)) {
      read(repositoryName, repository, volume, () -> {
        Optional<SnapshotEntry> newest = history.newestSnapshot(volume);
        if (newest.isPresent() && name.fitsVolume(newest.get())) {
          List<SnapshotEntry> exact = history.snapshots(volume).stream().filter(name::fitsTag).toList();
          List<SnapshotEntry> meant = exact.isEmpty() && name.isLatest() ? List.of(newest.get()) : exact;
          meant.forEach(entry -> found.add(new RemoteSnapshot(repositoryName, repository, entry)));
        }
        return true;
      });
    }
  }

  /** Looks at everything, for volumes that were renamed; returns whether what is forgotten, or has another tag, would have fitted. */
  private boolean searchAll(RemoteName name, String repositoryName, Repository repository) throws VolumeException {
    boolean others = false;
    for (VolumeHistory volume : histories(repositoryName, repository)) {
      others |= read(repositoryName, repository, volume, () -> {
        boolean fits = false;
        for (var seat : volume.taken(0)) {
          if (repository.history().entry(seat) instanceof SnapshotEntry entry && name.fitsVolume(entry)) {
            fits = true;
            if (!volume.isForgotten(seat.seq()) && (name.fitsTag(entry) || name.isLatest())) {
              found.add(new RemoteSnapshot(repositoryName, repository, entry));
            }
          }
        }
        return fits;
      });
    }
    return others;
  }

  private List<VolumeHistory> histories(String repositoryName, Repository repository) throws VolumeException {
    try {
      return repository.history().all();
    } catch (IOException e) {
      throw core.repositories().failed(action, repositoryName, repository, e);
    }
  }

  private interface Reading {
    boolean read() throws IOException;
  }

  /** One damaged history must not keep the others from being restored; but nothing is called absent while one is damaged. */
  private boolean read(String repositoryName, Repository repository, VolumeHistory volume, Reading reading) throws VolumeException {
    try {
      return reading.read();
    } catch (UnreadableException e) {
      LOG.log(System.Logger.Level.WARNING, "the history of volume " + volume.volume() + " cannot be read: " + e.getMessage());
      damage = Optional.of(core.repositories().failed(action, repositoryName, repository, e));
      return false;
    } catch (IOException e) {
      throw core.repositories().failed(action, repositoryName, repository, e);
    }
  }

  private RemoteSnapshot choose(SnapshotRef ref, RemoteName name) throws VolumeException {
    // A copy of the same snapshot in a second repository is no other candidate.
    List<RemoteSnapshot> distinct = List.copyOf(found.stream()
        .collect(Collectors.toMap(each -> each.entry().snapshot(), Function.identity(), (one, _) -> one, LinkedHashMap::new)).values());
    List<RemoteSnapshot> exact = distinct.stream().filter(each -> name.fitsTag(each.entry())).toList();
    List<RemoteSnapshot> candidates = exact.isEmpty() ? distinct : exact;
    Set<String> groups = candidates.stream().map(RemoteSnapshot::group).collect(Collectors.toCollection(TreeSet::new));
    if (groups.size() > 1) {
      throw ambiguous(ref, candidates, RemoteSnapshot::text);
    }
    if (exact.size() > 1) {
      throw ambiguous(ref, candidates, RemoteSnapshot::textById);
    }
    return candidates.stream().max(Comparator.comparing(each -> each.entry().cutAt())).orElseThrow();
  }

  private InvalidArgument ambiguous(SnapshotRef ref, List<RemoteSnapshot> candidates, Function<RemoteSnapshot, String> text) {
    String more = candidates.size() > CANDIDATES_MAX ? ", and " + (candidates.size() - CANDIDATES_MAX) + " more" : "";
    return new InvalidArgument(action, "snapshot " + ref + " could mean several",
        "Name one of: " + candidates.stream().map(text).sorted().limit(CANDIDATES_MAX).collect(Collectors.joining(", ")) + more);
  }
}
