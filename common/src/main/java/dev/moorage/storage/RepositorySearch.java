package dev.moorage.storage;

import dev.moorage.repository.Repository;
import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.history.HistoryEntry;
import dev.moorage.repository.history.Seat;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.history.VolumeHistory;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Looks through one repository for a snapshot by its name. For one search, by one thread. */
final class RepositorySearch {

  private static final System.Logger LOG = System.getLogger(RepositorySearch.class.getName());

  private final Core core;
  private final String action;
  private final String repositoryName;
  private final Repository repository;
  private final RemoteName name;
  private final List<RemoteSnapshot> found = new ArrayList<>();
  private final Set<String> namesakes = new TreeSet<>();
  private boolean others;
  private Optional<VolumeException> damage = Optional.empty();

  /** Opens the repository when it is not; VolumeException says why that, or reading it, is not possible. */
  RepositorySearch(Core core, String action, String repositoryName, RemoteName name) throws VolumeException {
    this.core = core;
    this.action = action;
    this.repositoryName = repositoryName;
    this.repository = core.repositories().open(repositoryName);
    this.name = name;
  }

  /**
   * What it holds.
   *
   * @param others whether what is forgotten, or has another tag, would have fitted
   * @param namesakes volumes of the same name, of other hosts or owners than those that were asked for
   * @param damage why a history could not be read, when that is so
   */
  record Result(List<RemoteSnapshot> found, boolean others, Set<String> namesakes, Optional<VolumeException> damage) {}

  private Result result() {
    return new Result(List.copyOf(found), others, Set.copyOf(namesakes), damage);
  }

  /** Looks at the newest snapshot of each volume, and at all of those volumes that bear the name. */
  Result newest() throws VolumeException {
    if (name instanceof RemoteName.ById || name instanceof RemoteName.BySeat) {
      return result();
    }
    for (VolumeHistory volume : histories()) {
      List<SnapshotEntry> snapshots = new ArrayList<>();
      boolean hidden = false;
      for (Seat seat : volume.remembered()) {
        Optional<HistoryEntry> entry = read(seat, false);
        hidden |= entry.isEmpty() && snapshots.isEmpty();
        if (entry.orElse(null) instanceof SnapshotEntry snapshot) {
          if (snapshots.isEmpty() && !name.fitsVolume(snapshot)) {
            break;
          }
          snapshots.add(snapshot);
        }
      }
      List<SnapshotEntry> exact = snapshots.stream().filter(name::fitsTag).toList();
      exact.forEach(this::add);
      // Nothing else is taken for the newest one when that cannot be read.
      if (exact.isEmpty() && name.isLatest() && !hidden) {
        snapshots.stream().limit(1).forEach(this::add);
      }
    }
    return result();
  }

  /** Looks at everything, for volumes that were renamed. */
  Result everything() throws VolumeException {
    for (VolumeHistory volume : histories()) {
      boolean hidden = false;
      for (Seat seat : volume.taken(0)) {
        boolean forgotten = volume.isForgotten(seat.seq());
        Optional<HistoryEntry> entry = read(seat, forgotten);
        hidden |= entry.isEmpty() && !forgotten;
        if (entry.orElse(null) instanceof SnapshotEntry snapshot) {
          look(snapshot, forgotten, hidden);
        }
      }
      if (!volume.isWhole()) {
        damage = Optional.of(core.repositories().failed(action, repositoryName, repository, VolumeHistory.lost(volume.missing().getFirst())));
      }
    }
    return result();
  }

  /** {@code hidden}: a newer one of its volume cannot be read. */
  private void look(SnapshotEntry entry, boolean forgotten, boolean hidden) {
    if (name.isNamesake(entry)) {
      namesakes.add(entry.origin().host() + "/" + entry.origin().owner() + "/" + entry.origin().volumeName());
    }
    if (name.fitsVolume(entry)) {
      others = true;
      if (!forgotten && (name.fitsTag(entry) || (name.isLatest() && !hidden))) {
        add(entry);
      }
    }
  }

  private void add(SnapshotEntry entry) {
    found.add(new RemoteSnapshot(repositoryName, repository, entry));
  }

  private List<VolumeHistory> histories() throws VolumeException {
    try {
      return repository.history().all();
    } catch (IOException e) {
      throw core.repositories().failed(action, repositoryName, repository, e);
    }
  }

  /** One damaged entry must not keep the others from being restored; but nothing is called absent while one is damaged that nobody gave up. */
  private Optional<HistoryEntry> read(Seat seat, boolean givenUp) throws VolumeException {
    try {
      return Optional.of(repository.history().entry(seat));
    } catch (UnreadableException e) {
      LOG.log(System.Logger.Level.WARNING, "an entry of volume " + seat.volume() + " cannot be read: " + e.getMessage());
      VolumeException failure = core.repositories().failed(action, repositoryName, repository, e);
      damage = givenUp ? damage : Optional.of(failure);
      return Optional.empty();
    } catch (IOException e) {
      throw core.repositories().failed(action, repositoryName, repository, e);
    }
  }
}
