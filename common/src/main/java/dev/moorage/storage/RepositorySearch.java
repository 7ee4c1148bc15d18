package dev.moorage.storage;

import dev.moorage.repository.Repository;
import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.history.VolumeHistory;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks through one repository for a snapshot by its name. For one search, by one thread. */
final class RepositorySearch {

  private static final System.Logger LOG = System.getLogger(RepositorySearch.class.getName());

  private final Core core;
  private final String action;
  private final String repositoryName;
  private final Repository repository;
  private final RemoteName name;
  private final List<RemoteSnapshot> found = new ArrayList<>();
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
   * @param damage why a history could not be read, when that is so
   */
  record Result(List<RemoteSnapshot> found, boolean others, Optional<VolumeException> damage) {}

  private Result result() {
    return new Result(List.copyOf(found), others, damage);
  }

  /** Looks at the newest snapshot of each volume, and at all of those volumes that bear the name. */
  Result newest() throws VolumeException {
    if (name instanceof RemoteName.ById || name instanceof RemoteName.BySeat) {
      return result();
    }
    for (VolumeHistory volume : histories()) {
      read(volume, () -> {
        Optional<SnapshotEntry> newest = repository.history().newestSnapshot(volume);
        if (newest.isPresent() && name.fitsVolume(newest.get())) {
          List<SnapshotEntry> exact = repository.history().snapshots(volume).stream().filter(name::fitsTag).toList();
          List<SnapshotEntry> meant = exact.isEmpty() && name.isLatest() ? List.of(newest.get()) : exact;
          meant.forEach(this::add);
        }
      });
    }
    return result();
  }

  /** Looks at everything, for volumes that were renamed. */
  Result everything() throws VolumeException {
    for (VolumeHistory volume : histories()) {
      read(volume, () -> {
        for (var seat : volume.taken(0)) {
          if (repository.history().entry(seat) instanceof SnapshotEntry entry && name.fitsVolume(entry)) {
            others = true;
            if (!volume.isForgotten(seat.seq()) && (name.fitsTag(entry) || name.isLatest())) {
              add(entry);
            }
          }
        }
      });
    }
    return result();
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

  private interface Reading {
    void read() throws IOException;
  }

  /** One damaged history must not keep the others from being restored; but nothing is called absent while one is damaged. */
  private void read(VolumeHistory volume, Reading reading) throws VolumeException {
    try {
      reading.read();
    } catch (UnreadableException e) {
      LOG.log(System.Logger.Level.WARNING, "the history of volume " + volume.volume() + " cannot be read: " + e.getMessage());
      damage = Optional.of(core.repositories().failed(action, repositoryName, repository, e));
    } catch (IOException e) {
      throw core.repositories().failed(action, repositoryName, repository, e);
    }
  }
}
