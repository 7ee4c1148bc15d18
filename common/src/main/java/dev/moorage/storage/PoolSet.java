package dev.moorage.storage;

import dev.moorage.pool.PoolSettings;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.NotFound;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The pools of this host. The first one configured is the default. Those made or adopted at run time are remembered. */
public final class PoolSet {

  private final Core core;
  private final PoolAdditions additions;

  PoolSet(Core core, PoolAdditions additions) {
    this.core = core;
    this.additions = additions;
  }

  /** The open ones, then those that were made or adopted once and could not be opened now. */
  public List<PoolStatus> list() {
    List<PoolStatus> all = new ArrayList<>();
    core.pools().all().forEach(pool -> all.add(status(pool)));
    all.addAll(additions.absent());
    return all;
  }

  /** From memory: pools that were made or adopted once and could not be opened now. Whether a volume is in them is not known. */
  public List<PoolStatus> absent() {
    return additions.absent();
  }

  private PoolStatus status(OpenPool pool) {
    return PoolMeasures.status(pool, core.pools().byDefault().id().equals(pool.id()));
  }

  /** The pool of that name, or the default one. */
  public PoolStatus status(Optional<PoolName> name) throws VolumeException {
    Optional<PoolStatus> absent =
        additions.absent().stream().filter(each -> name.isPresent() && each.settings().name().equals(name.get())).findFirst();
    return absent.isPresent() ? absent.get() : status(core.pools().required("inspect pool", name));
  }

  /** Makes and opens a pool; the same request again is success, a directory that holds a pool already is AlreadyExists. */
  public PoolStatus create(Caller caller, PoolSettings settings) throws VolumeException {
    Operation operation = Operation.of("create", "pool " + settings.name());
    return status(core.work().run(caller, operation, List.of(LockKey.pools()), () -> additions.create(operation.action(), settings)));
  }

  /** Opens a pool that was made elsewhere, with its volumes and snapshots; AlreadyExists lists volumes whose names clash. */
  public PoolStatus adopt(Caller caller, PoolSettings settings) throws VolumeException {
    Operation operation = Operation.of("adopt", "pool " + settings.name());
    return status(core.work().run(caller, operation, List.of(LockKey.pools()), () -> additions.adopt(operation.action(), settings)));
  }

  /** Grows the automatic pool file by this much. */
  public PoolStatus grow(Caller caller, PoolName name, ByteSize by) throws VolumeException {
    Operation operation = Operation.of("grow", "pool " + name);
    Optional<OpenPool> pool = core.pools().named(name);
    if (pool.isEmpty()) {
      throw core.work().refused(caller, operation, new NotFound(operation.action(), "there is no such pool", "moorage pool ls lists them"));
    }
    return core.work().run(caller, operation, List.of(LockKey.pools()), () -> {
      pool.get().pool().grow(by.bytes());
      return status(pool.get());
    });
  }

  /** What emptying the trash of an open pool could give back at most: looks at each thing in it. */
  public long trashBytes(PoolId id) {
    return core.pools().of(id).stream().flatMap(pool -> Trash.items(pool).stream()).mapToLong(Trash::allocated).sum();
  }

  /** What can still be undone, oldest first. */
  public List<Trashed> trash(Optional<PoolName> name) throws VolumeException {
    List<Trash.Item> items = new ArrayList<>();
    for (OpenPool pool : chosen("list the trash", name)) {
      items.addAll(Trash.items(pool));
    }
    return items.stream().sorted(Comparator.comparing(Trash.Item::deletedAt)).map(Trash::describe).toList();
  }

  private List<OpenPool> chosen(String action, Optional<PoolName> name) throws VolumeException {
    return name.isEmpty() ? core.pools().all() : List.of(core.pools().required(action, name));
  }

  /** Empties the trash of a pool, or of every pool, for good; returns how many things went. */
  public int emptyTrash(Caller caller, Optional<PoolName> name) throws VolumeException {
    Operation operation = Operation.of("empty", name.map(each -> "the trash of pool " + each).orElse("the trash"));
    List<OpenPool> pools = chosen(operation.action(), name);
    return core.work().run(caller, operation, List.of(), () -> {
      int gone = 0;
      for (OpenPool pool : pools) {
        for (Trash.Item item : Trash.items(pool)) {
          gone += core.room().trash().purge(item) ? 1 : 0;
        }
      }
      return gone;
    });
  }
}
