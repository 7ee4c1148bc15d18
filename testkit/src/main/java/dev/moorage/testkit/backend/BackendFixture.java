package dev.moorage.testkit.backend;

import dev.moorage.backend.Backends;
import dev.moorage.backend.Cut;
import dev.moorage.backend.Home;
import dev.moorage.backend.Origin;
import dev.moorage.backend.VolumeBackend;
import dev.moorage.pool.Pool;
import dev.moorage.pool.PoolFileSettings;
import dev.moorage.pool.PoolSettings;
import dev.moorage.pool.Pools;
import dev.moorage.testkit.Scratch;
import dev.moorage.testkit.TestDisk;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A backend on a pool that tests share, the kind of volume that they use, and what they made so far: {@link #clear} takes it all
 * away between two tests. For use by one thread, but for {@link #home} and {@link #use}.
 */
public final class BackendFixture implements AutoCloseable {

  private static final PoolFileSettings SMALL_FILE =
      new PoolFileSettings(ByteSize.ofMebibytes(1024), ByteSize.ofMebibytes(64), ByteSize.ofMebibytes(64), 0.05);

  private final Pool pool;
  private final VolumeBackend backend;
  private final VolumeSpec spec;
  private final Runnable closing;
  private final List<Home> homes = new ArrayList<>();
  private final List<Consumer> consumers = new ArrayList<>();

  private BackendFixture(Pool pool, VolumeBackend backend, VolumeSpec spec, Runnable closing) {
    this.pool = pool;
    this.backend = backend;
    this.spec = spec;
    this.closing = closing;
  }

  /** The model on a directory of its own; needs no root. */
  public static BackendFixture model(VolumeSpec spec) {
    Path directory = Scratch.directory("model");
    Pool pool = PlainPool.at(directory);
    return new BackendFixture(pool, new ModelBackend(pool), spec, () -> Scratch.remove(directory));
  }

  /** A pool on a disk of its own; where the image backend finds no reflink, its automatic pool file stands between. */
  public static BackendFixture onDisk(TestDisk.Kind kind, VolumeSpec spec) throws VolumeException {
    TestDisk disk = TestDisk.make(kind, ByteSize.ofMebibytes(2048));
    try {
      Path root = disk.directory().resolve("pool");
      Pool pool = Pools.open(new PoolSettings(new PoolName("test"), root, List.of(spec.backend()), Optional.empty(),
          ByteSize.ofMebibytes(64), Duration.ofHours(1), SMALL_FILE));
      return new BackendFixture(pool, Backends.open(spec.backend(), pool), spec, disk::close);
    } catch (VolumeException | RuntimeException | Error e) {
      disk.close();
      throw e;
    }
  }

  /** A backend on a disk of its own, with nothing of the pool room between. */
  public static BackendFixture plain(TestDisk.Kind kind, VolumeSpec spec) {
    return plain(TestDisk.make(kind, ByteSize.ofMebibytes(2048)), spec);
  }

  /** The same on a disk that the fixture closes. */
  public static BackendFixture plain(TestDisk disk, VolumeSpec spec) {
    Pool pool = PlainPool.at(disk.directory().resolve("pool"));
    return new BackendFixture(pool, Backends.open(spec.backend(), pool), spec, disk::close);
  }

  public Pool pool() {
    return pool;
  }

  public VolumeBackend backend() {
    return backend;
  }

  /** What the tests' volumes are. */
  public VolumeSpec spec() {
    return spec;
  }

  /** That spec with more bytes. */
  public VolumeSpec larger(ByteSize more) {
    return spec.withSize(spec.size().plus(more));
  }

  /** A new home without data, among the volumes. */
  public Home home() throws IOException {
    return homeIn(pool.layout().volumes());
  }

  /** A new home without data in one of the pool's places. */
  public synchronized Home homeIn(Path place) throws IOException {
    UUID id = UUID.randomUUID();
    Home home = new Home(id, Files.createDirectory(place.resolve(id.toString())));
    homes.add(home);
    return home;
  }

  /** The same home in another place of the pool. */
  public synchronized Home move(Home home, Path place) throws IOException {
    Home moved = new Home(home.id(), Files.move(home.directory(), place.resolve(home.id().toString())));
    homes.remove(home);
    homes.add(moved);
    return moved;
  }

  /** A new empty volume. */
  public Home volume() throws IOException, VolumeException {
    return make(spec, new Origin.Empty());
  }

  /** A new volume. */
  public Home make(VolumeSpec wanted, Origin origin) throws IOException, VolumeException {
    Home home = home();
    backend.create(home, wanted, origin);
    return home;
  }

  /** A new snapshot of one volume. */
  public Home cut(Home volume, Optional<Path> mountPoint) throws IOException, VolumeException {
    Home snapshot = homeIn(pool.layout().snapshots());
    backend.cut(List.of(new Cut(volume, snapshot, mountPoint)));
    return snapshot;
  }

  /** A consumer of a volume; closed by {@link #clear} at the latest. */
  public Consumer use(Home home) throws IOException, VolumeException {
    return use(home, spec);
  }

  public Consumer use(Home home, VolumeSpec wanted) throws IOException, VolumeException {
    Consumer consumer = Consumer.of(backend, home, wanted);
    synchronized (this) {
      consumers.add(consumer);
    }
    return consumer;
  }

  /** Writes into a volume that nobody uses. */
  public void write(Home home, int slot, long value) throws IOException, VolumeException {
    try (Consumer consumer = use(home)) {
      consumer.write(slot, value);
    }
  }

  /** Reads from a volume that nobody uses. */
  public long read(Home home, int slot) throws IOException, VolumeException {
    try (Consumer consumer = use(home)) {
      return consumer.read(slot);
    }
  }

  /** Reads slots of a snapshot, through a clone of it. */
  public List<Long> readSnapshot(Home snapshot, int... slots) throws IOException, VolumeException {
    Home clone = make(spec, new Origin.CloneOf(snapshot));
    List<Long> values = new ArrayList<>();
    try (Consumer consumer = use(clone)) {
      for (int slot : slots) {
        values.add(consumer.read(slot));
      }
    }
    return values;
  }

  /** Removes everything that was made since the last call. */
  public synchronized void clear() throws IOException, VolumeException {
    for (Consumer consumer : consumers.reversed()) {
      consumer.close();
    }
    consumers.clear();
    for (Home home : homes) {
      if (Files.exists(home.directory())) {
        backend.detach(home);
        backend.delete(home);
        Files.delete(home.directory());
      }
    }
    homes.clear();
  }

  @Override
  public void close() throws VolumeException {
    try {
      pool.close();
    } finally {
      closing.run();
    }
  }
}
