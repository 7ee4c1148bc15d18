package dev.moorage.storage;

import dev.moorage.repository.Repository;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.history.TakeoverEntry;
import dev.moorage.storage.OpenPool.Located;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.AlreadyExists;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.NotFound;
import dev.moorage.volume.VolumeId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Makes a pool of this host the writer of a volume's history: of a volume that is here (its pool was copied or set back), or of one
 * whose host is lost, which is then restored here under its old id. The writer before is refused from then on.
 */
record Takeover(Core core, Caller caller, String repositoryName) {

  Volume of(String volume) throws VolumeException {
    Operation operation = Operation.of("take-over", "volume " + volume + " in repository " + repositoryName);
    Repository repository;
    Optional<Located> here;
    try {
      repository = core.repositories().open(repositoryName);
      here = volume.indexOf('/') == volume.lastIndexOf('/')
          ? core.lookup(caller, operation.action()).volume(VolumeRef.parse(volume)) : Optional.empty();
    } catch (VolumeException e) {
      throw core.work().refused(caller, operation, e);
    }
    if (here.isPresent()) {
      return core.work().run(caller, operation, List.of(LockKey.of(here.get().volume().id())), () -> {
        Volume current = Core.current(operation.action(), here.get());
        take(operation.action(), repository, here.get().pool(), current.id());
        return current;
      });
    }
    return lost(operation, repository, volume);
  }

  private Volume lost(Operation operation, Repository repository, String volume) throws VolumeException {
    RemoteName name = RemoteName.newestOf(volume);
    RemoteSnapshot found;
    try {
      found = new RemoteLookup(core, operation.action()).one(new SnapshotRef.Remote(Optional.of(repositoryName), name));
    } catch (VolumeException e) {
      throw core.work().refused(caller, operation, e);
    }
    VolumeId id = found.entry().seat().volume();
    CreateVolume request = CreateVolume.named(found.entry().origin().owner(), found.entry().origin().volumeName());
    List<LockKey> keys = List.of(LockKey.of(request.owner(), request.name()), LockKey.of(id));
    return core.work().run(caller, operation, keys, () -> {
      demandFree(operation.action(), request, id);
      OpenPool pool = core.pools().required(operation.action(), Optional.empty());
      take(operation.action(), repository, pool, id);
      // Looked up again: until the takeover was committed the old writer could go on.
      RemoteSnapshot newest = new RemoteSnapshot(repositoryName, repository, newest(operation.action(), repository, id));
      return new Creation(core, request, operation.action(), Beginning.OfRemote.of(operation.action(), newest, Optional.of(id))).run();
    });
  }

  private void demandFree(String action, CreateVolume request, VolumeId id) throws VolumeException {
    if (core.pools().volume(request.owner(), request.name()).isPresent()) {
      throw new AlreadyExists(action, "there is another volume " + request.owner() + "/" + request.name() + " here",
          "Remove that one first");
    }
    if (core.pools().all().stream().flatMap(OpenPool::trashedVolumes).anyMatch(each -> each.volume().id().equals(id))) {
      throw new InvalidArgument(action, "the volume itself is in the trash of this host", "Bring it back: moorage volume undo "
          + request.owner() + "/" + request.name());
    }
  }

  /** Repeating it takes one more seat, which does no harm. */
  private void take(String action, Repository repository, OpenPool pool, VolumeId id) throws VolumeException {
    try {
      TakeoverEntry taken = repository.history().takeover(id, pool.id(), core.host());
      pool.bases().tookOver(new WriterRecord.Key(id, repository.header().id()), taken.seat().seq());
    } catch (IOException e) {
      throw core.repositories().failed(action, repositoryName, repository, e);
    }
  }

  private SnapshotEntry newest(String action, Repository repository, VolumeId id) throws VolumeException {
    try {
      return repository.history().newestSnapshot(repository.history().of(id)).orElseThrow(() ->
          new NotFound(action, "its snapshots were forgotten meanwhile", "Make a new volume"));
    } catch (IOException e) {
      throw core.repositories().failed(action, repositoryName, repository, e);
    }
  }
}
