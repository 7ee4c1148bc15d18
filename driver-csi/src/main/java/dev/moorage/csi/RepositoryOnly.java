package dev.moorage.csi;

import dev.moorage.csi.proto.Snapshot;
import dev.moorage.repository.RepositoryId;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.storage.RepositoryStatus;
import dev.moorage.storage.SnapshotBlocks;
import dev.moorage.storage.SnapshotRef;
import dev.moorage.storage.Storage;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.NotFound;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What can be done with remote snapshots where there is no pool: what needs the repository, and nothing else. */
public final class RepositoryOnly {

  private final Host host;
  private final SnapshotCalls snapshots;

  /** {@code storage} has no pools. */
  public RepositoryOnly(CsiSettings settings, CompletableFuture<Storage> storage) {
    this.host = new Host(settings, storage);
    this.snapshots = new SnapshotCalls(host);
  }

  /** The committed snapshot of a handle; empty when its repository has none. */
  public Optional<Snapshot> find(String action, SnapshotHandle handle) throws VolumeException {
    return snapshots.find(action, handle.toString());
  }

  /** Forgets the remote snapshot of a handle; what is not there is success. */
  public void delete(String action, SnapshotHandle handle) throws VolumeException {
    snapshots.delete(action, handle, Optional.empty());
  }

  /** Which blocks of the committed snapshot of a handle hold data, or may differ from an older one; the caller closes it. */
  public SnapshotBlocks blocks(String action, SnapshotHandle target, Optional<SnapshotHandle> base) throws VolumeException {
    Optional<SnapshotRef> before = base.isPresent() ? Optional.of(reference(action, base.get())) : Optional.empty();
    return host.storage(action).snapshots().blocks(host.caller(), reference(action, target), before);
  }

  private SnapshotRef reference(String action, SnapshotHandle handle) throws VolumeException {
    return new RemoteCopies(host).reference(action, handle)
        .orElseThrow(() -> new NotFound(action, "snapshot " + handle + " is in no repository", ""));
  }

  /** All committed snapshots that were cut in these pools, of every repository. */
  public List<Snapshot> of(String action, Set<PoolId> pools) throws VolumeException {
    List<Snapshot> found = new ArrayList<>();
    for (RepositoryStatus each : host.storage(action).repositories().list()) {
      List<SnapshotEntry> entries = host.storage(action).repositories().snapshots(each.settings().name(), Optional.empty());
      RepositoryId id = new RemoteCopies(host).id(action, each.settings().name());
      for (SnapshotEntry entry : entries) {
        if (pools.contains(entry.origin().pool())) {
          found.add(SnapshotCalls.message(entry, new SnapshotHandle(Optional.of(id.value()), entry.origin().pool(), entry.snapshot())));
        }
      }
    }
    return found;
  }
}
