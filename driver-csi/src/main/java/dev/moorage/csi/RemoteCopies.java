package dev.moorage.csi;

import dev.moorage.repository.RepositoryId;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.storage.RemoteName;
import dev.moorage.storage.RepositoryStatus;
import dev.moorage.storage.SnapshotRef;
import dev.moorage.volume.RepositoryName;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.Unavailable;
import java.util.Optional;
import java.util.UUID;

/** What this host finds of a snapshot in repositories. */
final class RemoteCopies {

  private final Host host;

  RemoteCopies(Host host) {
    this.host = host;
  }

  /** The id of a repository that this host knows by name; its store is asked only when it was never opened. */
  RepositoryId id(String action, RepositoryName name) throws VolumeException {
    Optional<RepositoryId> known = host.storage(action).repositories().status(name).id();
    return known.isPresent() ? known.get() : host.storage(action).repositories().open(name).header().id();
  }

  /** What this host calls a repository. */
  RepositoryName name(String action, UUID id) throws VolumeException {
    for (RepositoryStatus status : host.storage(action).repositories().list()) {
      if (status.id().filter(each -> each.value().equals(id)).isPresent()) {
        return status.settings().name();
      }
    }
    // One that is configured and was never used is not known by its id yet.
    for (RepositoryStatus status : host.storage(action).repositories().list()) {
      if (status.id().isEmpty() && id(action, status.settings().name()).value().equals(id)) {
        return status.settings().name();
      }
    }
    throw new Unavailable(action, "node " + host.settings().nodeId() + " knows no repository with the id " + id,
        "Add it: moorage repository add, or name it in the configuration");
  }

  /** What the storage calls the remote copy that the handle speaks of; empty when it speaks of none. */
  Optional<SnapshotRef> reference(String action, SnapshotHandle handle) throws VolumeException {
    if (handle.repository().isEmpty()) {
      return Optional.empty();
    }
    String name = name(action, handle.repository().get()).value();
    return Optional.of(new SnapshotRef.Remote(Optional.of(name), new RemoteName.ById(handle.snapshot())));
  }

  /** The committed snapshot that the handle means; empty when it is in no repository. */
  Optional<SnapshotEntry> entry(String action, SnapshotHandle handle) throws VolumeException {
    if (handle.repository().isEmpty()) {
      return Optional.empty();
    }
    RepositoryName name = name(action, handle.repository().get());
    return host.storage(action).repositories().snapshots(name, Optional.empty()).stream()
        .filter(entry -> entry.snapshot().equals(handle.snapshot()))
        .findFirst();
  }
}
