package dev.moorage.storage;

import dev.moorage.backend.Backends;
import dev.moorage.backend.VolumeBackend;
import dev.moorage.pool.Pool;
import dev.moorage.telemetry.Telemetry;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The storage core of one host, and the only class that front ends call.
 *
 * <p><b>Idempotency.</b> Every call is safe to repeat after a time-out, by name and by id; it finds what the first one did or still does.
 *
 * <p><b>Locking.</b> One lock per volume, a locking shell around an unlocked core. A call on a volume where another one is under way
 * waits for the caller's patience and then throws Busy. Calls on different volumes do not wait for each other. Reads take no lock.
 *
 * <p><b>Deadlines.</b> The work runs on a bounded pool of platform threads (native calls would pin virtual ones). A caller whose deadline
 * passes gets Unavailable; the work is finished without it. Interrupting the caller does not interrupt the work.
 *
 * <p><b>Durability.</b> A change that was acknowledged survives kill -9 and a power cut. One that was not is finished or rolled back when
 * the storage is opened again: nothing half-made, no loop device, mount or file left over.
 *
 * <p><b>Opening</b> recovers: pools are locked and opened, half-done operations finished or undone, what is still mounted adopted, what nobody
 * uses released. <b>Closing</b> leaves volumes that are in use mounted, so that containers run on while the service is replaced.
 */
public final class Storage implements AutoCloseable {

  private static final Duration SWEEP = Duration.ofMinutes(1);
  private static final Duration HEADROOM = Duration.ofSeconds(1);

  private final Core core;
  private final PoolAdditions additions;
  private final Timers timers = new Timers();
  private final Looks looks = new Looks(timers);
  private final Volumes volumes;
  private final Snapshots snapshots;
  private final SnapshotMounts mounts;
  private final FileCopies files;
  private final Publications publications;
  private final PoolSet poolSet;
  private final Jobs jobs;
  private final Uploads uploads;
  private final Restores restores;
  private final Repositories repositories;

  private Storage(Core core, PoolAdditions additions, Repositories repositories) {
    this.core = core;
    this.repositories = repositories;
    this.additions = additions;
    this.volumes = new Volumes(core, looks);
    this.snapshots = new Snapshots(core);
    this.mounts = new SnapshotMounts(core, snapshots);
    this.files = new FileCopies(core);
    this.publications = new Publications(core);
    this.poolSet = new PoolSet(core, additions);
    this.jobs = new Jobs(core);
    this.uploads = new Uploads(core);
    this.restores = new Restores(core);
  }

  public static Storage open(StorageSettings settings, Telemetry telemetry) throws VolumeException {
    return open(settings, telemetry, Optional.empty(), Backends::open);
  }

  /** For tests with repositories of their own, which the storage closes. */
  public static Storage open(StorageSettings settings, Telemetry telemetry, RepositorySource repositories) throws VolumeException {
    return open(settings, telemetry, Optional.of(repositories), Backends::open);
  }

  /** For tests that put a decorator around the backends. */
  static Storage open(StorageSettings settings, Telemetry telemetry, RepositorySource repositories,
      BiFunction<BackendKind, Pool, VolumeBackend> backends) throws VolumeException {
    return open(settings, telemetry, Optional.of(repositories), backends);
  }

  private static Storage open(StorageSettings settings, Telemetry telemetry, Optional<RepositorySource> others,
      BiFunction<BackendKind, Pool, VolumeBackend> backends) throws VolumeException {
    Clock clock = Clock.systemUTC();
    KeyedLock locks = new KeyedLock();
    Journal journal = new Journal(telemetry);
    Work work = new Work(locks, journal);
    Path root = settings.pools().isEmpty() ? settings.runDirectory() : settings.pools().getFirst().root();
    Repositories named = new Repositories(settings.repositories(), new RepositoryRegistry(root.resolve(RepositoryRegistry.NAME)),
        new OpenRepositories(settings.stores(), telemetry, clock), work, clock);
    Core core = new Core(new OpenPools(), work, new JobTable(), new JobRunner(), new TransferRunner(), new TransferCounts(), others.orElse(named),
        new Room(new Trash(locks)), settings.host(), clock);
    PoolOpening opening = new PoolOpening(settings.runDirectory(), backends, journal, clock);
    PoolRegistry registry = new PoolRegistry(root.resolve(PoolRegistry.NAME));
    Storage storage = new Storage(core, new PoolAdditions(opening, core.pools(), registry), named);
    try {
      storage.recover(settings);
    } catch (VolumeException e) {
      storage.closeAfter(e);
      throw e;
    }
    telemetry.measureTransfers(() -> new TransferView(core).measures(), () -> new TransferView(core).jobs());
    telemetry.measurePools(() -> core.pools().all().stream().map(PoolMeasures::measure).toList());
    return storage;
  }

  private void closeAfter(VolumeException failure) {
    try {
      close();
    } catch (VolumeException e) {
      failure.addSuppressed(e);
    }
  }

  private void recover(StorageSettings settings) throws VolumeException {
    additions.openConfigured(settings.pools());
    additions.openRegistered();
    Sweep sweep = new Sweep(core);
    core.pools().all().forEach(sweep::releaseUnused);
    Map<OpenPool, List<JobTable.Entry>> jobs = new LinkedHashMap<>();
    for (OpenPool pool : core.pools().all()) {
      jobs.put(pool, core.jobs().load(pool.pool().layout()));
    }
    new PrivateCopies(core).atStart();
    for (Map.Entry<OpenPool, List<JobTable.Entry>> each : jobs.entrySet()) {
      for (JobTable.Entry job : each.getValue()) {
        resume(each.getKey(), job);
      }
      restores.ensureAll(each.getKey());
    }
    timers.every(SWEEP, this::sweepNow);
    timers.every(HEADROOM, sweep::headroom);
  }

  private void resume(OpenPool pool, JobTable.Entry job) throws VolumeException {
    switch (job.record().kind()) {
      case Compaction.KIND -> new Compaction(core).resume(pool, job);
      case Uploads.KIND -> uploads.submit(pool, job);
      case Restores.KIND -> restores.submit(pool, job);
      case FileCopies.KIND -> files.submit(pool, job);
      default -> core.jobs().end(job, Optional.of("this Moorage knows no job of kind " + job.record().kind()));
    }
  }

  /** What the timer does every minute. */
  void sweepNow() {
    new Sweep(core).all();
    looks.retain(core.pools().all().stream()
        .flatMap(pool -> pool.catalog().volumes().stream()).map(Volume::id).collect(Collectors.toSet()));
  }

  /** For tests that look closer. */
  Core core() {
    return core;
  }

  public Volumes volumes() {
    return volumes;
  }

  public Snapshots snapshots() {
    return snapshots;
  }

  public SnapshotMounts mounts() {
    return mounts;
  }

  public FileCopies files() {
    return files;
  }

  public Publications publications() {
    return publications;
  }

  public PoolSet pools() {
    return poolSet;
  }

  public Repositories repositories() {
    return repositories;
  }

  public Jobs jobs() {
    return jobs;
  }

  public Uploads uploads() {
    return uploads;
  }

  public Restores restores() {
    return restores;
  }

  /** Finishes what was begun, releases what nobody uses and leaves the rest mounted. Closing twice is harmless. */
  @Override
  public void close() throws VolumeException {
    timers.close();
    core.transfers().close();
    core.runner().close();
    core.work().close();
    core.repositories().close();
    repositories.close();
    Sweep sweep = new Sweep(core);
    @Nullable VolumeException first = null;
    for (OpenPool pool : core.pools().all().reversed()) {
      sweep.releaseUnused(pool);
      try {
        pool.pool().close();
      } catch (VolumeException e) {
        first = first == null ? e : first;
      }
    }
    core.pools().clear();
    if (first != null) {
      throw first;
    }
  }
}
