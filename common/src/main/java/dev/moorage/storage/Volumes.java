package dev.moorage.storage;

import dev.moorage.backend.DataState;
import dev.moorage.linux.FileOps;
import dev.moorage.storage.OpenPool.Located;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.Owner;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What can be done with volumes. See {@link Storage} for idempotency, locking and deadlines, which hold for every method. */
public final class Volumes {

  private final Core core;
  private final Looks looks;

  Volumes(Core core, Looks looks) {
    this.core = core;
    this.looks = looks;
  }

  /** Makes a volume, or returns the one that an equal request made before; AlreadyExists names what differs. */
  public Volume create(Caller caller, CreateVolume request) throws VolumeException {
    Operation operation = Operation.of("create", "volume " + request.owner() + "/" + request.name());
    Beginning beginning;
    try {
      PrivateCopy.demandOther(operation.action(), request.owner());
      beginning = Beginning.find(core.lookup(caller, operation.action()), request.source());
    } catch (VolumeException e) {
      throw core.work().refused(caller, operation, e);
    }
    List<LockKey> keys = new ArrayList<>(List.of(LockKey.of(request.owner(), request.name())));
    beginning.key().ifPresent(keys::add);
    return core.work().run(caller, operation, keys, () -> new Creation(core, request, operation.action(), beginning).run());
  }

  /**
   * Makes a volume of each member of a group snapshot, with the names that they had; remote ones are filled in the background. All of them
   * are one point in time.
   *
   * @throws VolumeException.AlreadyExists when a name is taken; then nothing was made
   * @throws VolumeException.NotFound when a member is missing; then nothing was made
   * @throws VolumeException.InvalidArgument when the snapshot is of no group
   */
  public List<Volume> createGroup(Caller caller, CreateGroup request) throws VolumeException {
    return new GroupCreation(core, this, caller, request).run();
  }

  /** From memory, without any lock: fit for every request. */
  public Optional<Volume> find(Caller caller, VolumeRef ref) throws VolumeException {
    return core.lookup(caller, "find volume " + ref).volume(ref).map(Located::volume);
  }

  /** From memory, without any lock, by owner and name; all owners when empty. */
  public List<Volume> list(Optional<Owner> owner) {
    return core.pools().all().stream()
        .flatMap(OpenPool::volumes).map(Located::volume)
        .filter(volume -> owner.isEmpty() || volume.owner().equals(owner.get()))
        .sorted(Comparator.comparing((Volume volume) -> volume.owner().value()).thenComparing(volume -> volume.name().value()))
        .toList();
  }

  /** Memory and a few cheap kernel calls; no lock, no process, nothing that waits for a disk that is busy. */
  public VolumeStatus status(Caller caller, VolumeRef ref) throws VolumeException {
    Located located = core.lookup(caller, "inspect volume " + ref).requiredVolume(ref);
    OpenPool pool = located.pool();
    Volume volume = located.volume();
    Optional<DataState> state = looks.at(pool, volume);
    long allocated = state.map(DataState::allocated).orElse(-1L);
    Optional<Path> filesystem = pool.stages().deviceFilesystem(volume);
    return new VolumeStatus(volume, pool.name(), pool.stages().mountPoint(volume.id()),
        filesystem.isPresent() ? used(filesystem.get()) : allocated, allocated, state.map(DataState::extents).orElse(-1L),
        pool.references().of(volume.id()).consumers(), pool.catalog().snapshotsOf(volume.id()), Uploads.of(pool, volume.id()),
        new TransferView(core).uploads(volume.id()),
        core.jobs().activity(volume.id()).or(() -> unrestored(volume)).or(() -> core.work().locks().activity(LockKey.of(volume.id()))),
        core.journal().lastError(volume.id()));
  }

  private Optional<String> unrestored(Volume volume) {
    if (!volume.awaitsRestore()) {
      return Optional.empty();
    }
    return Optional.of("not restored: " + core.jobs().of(volume.id(), Restores.KIND).findFirst()
        .flatMap(entry -> entry.record().error()).orElse("moorage volume restore begins it"));
  }

  private static long used(Path filesystem) {
    try {
      FileOps.Space space = FileOps.space(filesystem);
      return space.total() - space.free();
    } catch (IOException e) {
      return -1;
    }
  }

  /** Makes it larger, also while mounted; the size it has already is success, smaller is OutOfRange. */
  public Volume grow(Caller caller, VolumeRef ref, ByteSize size) throws VolumeException {
    Located located = core.locate(caller, "grow", ref);
    Operation operation = Operation.on(located.volume().id(), "grow", Core.subject(located.volume()));
    return core.work().run(caller, operation, List.of(LockKey.of(located.volume().id())),
        () -> new Growth(core, operation.action()).grow(located, size));
  }

  /**
   * Moves it to the trash; absent is success. InUse while something really uses it; references of consumers that are gone do
   * not count for Docker, which has proved that no container refers to it (facts: the reference rule, point 5).
   */
  public void remove(Caller caller, VolumeRef ref) throws VolumeException {
    Operation asked = Operation.of("remove", "volume " + ref);
    Optional<Located> located;
    try {
      located = core.lookup(caller, asked.action()).volume(ref);
    } catch (VolumeException e) {
      throw core.work().refused(caller, asked, e);
    }
    if (located.isEmpty()) {
      return;
    }
    Operation operation = Operation.on(located.get().volume().id(), "remove", Core.subject(located.get().volume()));
    core.work().run(caller, operation, List.of(LockKey.of(located.get().volume().id())),
        () -> new Removal(core, operation.action()).remove(caller, located.get()));
  }

  /** Brings the newest deleted volume of that name back, under another name when {@code as} says so. */
  public Volume undo(Caller caller, VolumeRef ref, Optional<VolumeName> as) throws VolumeException {
    return new Undo(core, caller).volume(ref, as);
  }

  /**
   * Sets an idle volume back to a snapshot of its own, in place and at once, after cutting a safety snapshot of what it held.
   *
   * @return the safety snapshot
   */
  public Snapshot rollback(Caller caller, SnapshotRef snapshot) throws VolumeException {
    return new Rollback(core, caller).to(snapshot);
  }

  /** Begins to rewrite an idle volume in as few extents as possible; the job goes on when the caller leaves. */
  public Job compact(Caller caller, VolumeRef ref) throws VolumeException {
    return new Compaction(core).begin(caller, core.locate(caller, "compact", ref));
  }
}
