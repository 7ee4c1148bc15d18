package dev.moorage.csi;

import com.google.protobuf.Timestamp;
import dev.moorage.csi.proto.CreateSnapshotRequest;
import dev.moorage.csi.proto.CreateSnapshotResponse;
import dev.moorage.csi.proto.DeleteSnapshotRequest;
import dev.moorage.csi.proto.DeleteSnapshotResponse;
import dev.moorage.csi.proto.GetSnapshotRequest;
import dev.moorage.csi.proto.GetSnapshotResponse;
import dev.moorage.repository.RepositoryId;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.storage.Job;
import dev.moorage.storage.RemoteName;
import dev.moorage.storage.SnapshotRef;
import dev.moorage.storage.Storage;
import dev.moorage.storage.VolumeRef;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.RepositoryName;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.AlreadyExists;
import dev.moorage.volume.VolumeException.Busy;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.NotFound;
import dev.moorage.volume.VolumeException.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Cutting, uploading and deleting snapshots of one volume. */
final class SnapshotCalls {

  private static final Duration END_OF_UPLOAD = Duration.ofSeconds(2);

  private final Host host;
  private final RemoteCopies remotes;

  SnapshotCalls(Host host) {
    this.host = host;
    this.remotes = new RemoteCopies(host);
  }

  /** Returns when the cut is made; when the class names a repository, not ready until it is committed there. */
  CreateSnapshotResponse create(CreateSnapshotRequest asked) throws VolumeException {
    String action = "create snapshot " + Request.shown(asked.getName());
    Request request = new Request(action);
    SnapshotName name = GivenName.snapshot(request.need("name", asked.getName()));
    String source = request.need("source_volume_id", asked.getSourceVolumeId());
    Optional<RepositoryName> repository = Parameters.ofSnapshot(action, asked.getParametersMap()).repository();
    Volume volume = host.volume(action, source);
    demandFree(action, name, volume);
    Optional<RepositoryId> id = repository.isPresent() ? Optional.of(remotes.id(action, repository.get())) : Optional.empty();
    Snapshot cut = host.storage(action).snapshots().create(host.caller(), new VolumeRef.ById(volume.id()), Optional.of(name));
    boolean ready = repository.isEmpty() || upload(action, cut, repository.get(), id.orElseThrow());
    return CreateSnapshotResponse.newBuilder().setSnapshot(message(cut, SnapshotHandle.of(id, cut.pool(), cut.id()), ready)).build();
  }

  /** Names are unique among all snapshots of the owner. */
  private void demandFree(String action, SnapshotName name, Volume volume) throws VolumeException {
    Optional<Snapshot> other = host.storage(action).snapshots().named(host.settings().owner(), name).stream()
        .filter(each -> !each.volume().equals(volume.id()) || each.group().isPresent())
        .findFirst();
    if (other.isPresent()) {
      throw new AlreadyExists(action, "there is a snapshot of that name of " + (other.get().group().isPresent() ? "a group" : "another volume"),
          "Choose another name");
    }
  }

  /** Whether it is committed; else it is under way now. A failure is told once, at the call that begins anew. */
  boolean upload(String action, Snapshot snapshot, RepositoryName repository, RepositoryId id) throws VolumeException {
    if (isIn(snapshot, id)) {
      return true;
    }
    Storage storage = host.storage(action);
    Optional<Job> before = storage.uploads().find(snapshot, repository.value());
    if (before.isPresent() && !before.get().state().isEnd()) {
      return false;
    }
    storage.uploads().begin(host.caller(), new SnapshotRef.ById(snapshot.id()), repository.value());
    Optional<String> failure = before.flatMap(Job::error);
    if (failure.isPresent()) {
      throw new Unavailable(action, "its upload failed and is tried again: " + failure.get(), "");
    }
    return false;
  }

  static boolean isIn(Snapshot snapshot, RepositoryId id) {
    return snapshot.remotes().stream().anyMatch(copy -> copy.repositoryId().equals(id.value()));
  }

  /** Deletes the local copy and, when the handle names a repository, forgets the remote one. */
  DeleteSnapshotResponse delete(DeleteSnapshotRequest asked) throws VolumeException {
    String action = "delete snapshot " + Request.shown(asked.getSnapshotId());
    Optional<SnapshotHandle> handle = SnapshotHandle.parse(new Request(action).need("snapshot_id", asked.getSnapshotId()));
    if (handle.isPresent()) {
      Optional<Snapshot> local = host.find(action, handle.get());
      if (local.isPresent() && local.get().group().isPresent()) {
        throw new InvalidArgument(action, "it is of a group", "Delete the group");
      }
      delete(action, handle.get(), local);
    }
    return DeleteSnapshotResponse.getDefaultInstance();
  }

  void delete(String action, SnapshotHandle handle, Optional<Snapshot> local) throws VolumeException {
    if (local.isEmpty() && handle.repository().isEmpty()) {
      host.demandHere(action, handle.pool());
      return;
    }
    if (handle.repository().isPresent()) {
      forget(action, handle, local);
    }
    if (local.isPresent()) {
      host.storage(action).snapshots().remove(host.caller(), new SnapshotRef.ById(handle.snapshot()));
    }
  }

  private void forget(String action, SnapshotHandle handle, Optional<Snapshot> local) throws VolumeException {
    RepositoryName name = remotes.name(action, handle.repository().orElseThrow());
    Storage storage = host.storage(action);
    Optional<Job> upload = local.flatMap(each -> storage.uploads().find(each, name.value()));
    if (upload.isPresent() && !isOver(storage, upload.get(), isIn(local.get(), new RepositoryId(handle.repository().get())))) {
      throw new Busy(action, "it is being uploaded to repository " + name, "Ask again when that has ended");
    }
    try {
      storage.uploads().forget(host.caller(),
          new SnapshotRef.Remote(Optional.of(name.value()), new RemoteName.ById(handle.snapshot())));
    } catch (NotFound e) {
      // It was forgotten before, or its upload never came to an end.
      System.getLogger(SnapshotCalls.class.getName()).log(System.Logger.Level.DEBUG, "nothing is to be forgotten: " + e.getMessage());
    }
  }

  /** What was told to be ready may be deleted at once: its upload has a few steps left then, and ends within a moment. */
  private static boolean isOver(Storage storage, Job upload, boolean committed) {
    if (upload.state().isEnd() || !committed) {
      return upload.state().isEnd();
    }
    try {
      return storage.jobs().await(upload.id(), END_OF_UPLOAD).filter(job -> !job.state().isEnd()).isEmpty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  GetSnapshotResponse get(GetSnapshotRequest asked) throws VolumeException {
    String action = "get snapshot " + Request.shown(asked.getSnapshotId());
    String text = new Request(action).need("snapshot_id", asked.getSnapshotId());
    return find(action, text).map(found -> GetSnapshotResponse.newBuilder().setSnapshot(found).build())
        .orElseThrow(() -> new NotFound(action, "there is no such snapshot", ""));
  }

  /** The snapshot of a handle, local or only remote; empty for an unknown one. */
  Optional<dev.moorage.csi.proto.Snapshot> find(String action, String text) throws VolumeException {
    Optional<SnapshotHandle> handle = SnapshotHandle.parse(text);
    if (handle.isEmpty()) {
      return Optional.empty();
    }
    Optional<Snapshot> local = host.find(action, handle.get());
    if (local.isPresent()) {
      boolean ready = handle.get().repository().isEmpty() || isIn(local.get(), new RepositoryId(handle.get().repository().get()));
      return Optional.of(message(local.get(), handle.get(), ready));
    }
    return remotes.entry(action, handle.get()).map(entry -> message(entry, handle.get()));
  }

  /** A local snapshot under the handle that it was made with: that of the repository to which it went, or is on its way. */
  dev.moorage.csi.proto.Snapshot message(String action, Snapshot snapshot) throws VolumeException {
    Optional<RepositoryId> in = snapshot.remotes().stream().findFirst().map(copy -> new RepositoryId(copy.repositoryId()));
    Optional<String> onItsWay = in.isPresent() ? Optional.empty() : host.storage(action).uploads().destination(snapshot);
    Optional<RepositoryId> repository = onItsWay.isEmpty() ? in : Optional.of(remotes.id(action, new RepositoryName(onItsWay.get())));
    return message(snapshot, SnapshotHandle.of(repository, snapshot.pool(), snapshot.id()), onItsWay.isEmpty());
  }

  static dev.moorage.csi.proto.Snapshot message(Snapshot snapshot, SnapshotHandle handle, boolean ready) {
    dev.moorage.csi.proto.Snapshot.Builder message = message(handle, snapshot.pool(), snapshot.createdAt(), snapshot.spec().size().bytes())
        .setSourceVolumeId(new VolumeHandle(snapshot.pool(), snapshot.volume()).toString())
        .setReadyToUse(ready);
    snapshot.group().ifPresent(group -> message.setGroupSnapshotId(new GroupHandle(handle.repository(), snapshot.pool(), group).toString()));
    return message.build();
  }

  static dev.moorage.csi.proto.Snapshot message(SnapshotEntry entry, SnapshotHandle handle) {
    return message(handle, entry.origin().pool(), entry.cutAt(), entry.size())
        .setSourceVolumeId(new VolumeHandle(entry.origin().pool(), entry.seat().volume()).toString())
        .setReadyToUse(true).build();
  }

  private static dev.moorage.csi.proto.Snapshot.Builder message(SnapshotHandle handle, PoolId pool, Instant cut, long size) {
    return dev.moorage.csi.proto.Snapshot.newBuilder()
        .setSnapshotId(new SnapshotHandle(handle.repository(), pool, handle.snapshot()).toString())
        .setSizeBytes(size)
        .setCreationTime(time(cut));
  }

  static Timestamp time(Instant instant) {
    return Timestamp.newBuilder().setSeconds(instant.getEpochSecond()).setNanos(instant.getNano()).build();
  }
}
