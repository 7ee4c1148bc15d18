package dev.moorage.storage;

import dev.moorage.backend.Backends;
import dev.moorage.backend.VolumeBackend;
import dev.moorage.pool.Pool;
import dev.moorage.pool.PoolSettings;
import dev.moorage.telemetry.Telemetry;
import dev.moorage.testkit.Scratch;
import dev.moorage.testkit.TestDisk;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.SizeRange;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** A host with disks, pools on them and a storage that can be closed and opened again, with short words for what tests do. */
final class Host implements AutoCloseable {

  static final Duration LONG = Duration.ofSeconds(60);
  static final ByteSize SIZE = ByteSize.ofMebibytes(64);
  static final Caller DOCKER = new Caller("docker", Owner.DOCKER, LONG, LONG);
  static final Caller ADMIN = new Caller("admin", Owner.LOCAL, LONG, LONG);

  private final List<TestDisk> disks = new ArrayList<>();
  private final Path run = Scratch.directory("run");
  private final BiFunction<BackendKind, Pool, VolumeBackend> backends;
  private final RepositorySource repositories;
  private final String name;
  final List<PoolSettings> pools = new ArrayList<>();
  final Telemetry telemetry = new Telemetry();
  Storage storage;

  /** One pool {@code fast} on an XFS disk of two GiB, promising twenty times that. */
  Host() throws VolumeException {
    this(Backends::open);
  }

  Host(BiFunction<BackendKind, Pool, VolumeBackend> backends) throws VolumeException {
    this(backends, RepositorySource.none(), "host");
  }

  /** A host of that name that knows these repositories. */
  Host(String name, RepositorySource repositories) throws VolumeException {
    this(Backends::open, repositories, name);
  }

  private Host(BiFunction<BackendKind, Pool, VolumeBackend> backends, RepositorySource repositories, String name)
      throws VolumeException {
    this.backends = backends;
    this.repositories = repositories;
    this.name = name;
    pools.add(pool("fast", ByteSize.ofGibibytes(2)));
    storage = Storage.open(settings(), telemetry, repositories, backends);
  }

  /** One pool {@code fast} for directories, on a disk that is closed with this host. */
  Host(TestDisk disk) throws VolumeException {
    this.backends = Backends::open;
    this.repositories = RepositorySource.none();
    this.name = "host";
    pools.add(settings("fast", disk, List.of(BackendKind.DIRECTORY)));
    storage = Storage.open(settings(), telemetry, repositories, backends);
  }

  /** Settings of a pool on a new disk of its own. */
  PoolSettings pool(String name, ByteSize size) {
    TestDisk disk = TestDisk.make(TestDisk.Kind.XFS, size);
    return settings(name, disk, PoolSettings.at(new PoolName(name), disk.directory()).backends());
  }

  private PoolSettings settings(String name, TestDisk disk, List<BackendKind> kinds) {
    disks.add(disk);
    PoolSettings byDefault = PoolSettings.at(new PoolName(name), disk.directory().resolve(name));
    return new PoolSettings(byDefault.name(), byDefault.root(), kinds, Optional.of(20.0), SIZE,
        Duration.ofHours(1), byDefault.file());
  }

  StorageSettings settings() {
    return new StorageSettings(pools, run, name);
  }

  /** What users do not see. */
  OpenPools storagePools() {
    return storage.core().pools();
  }

  Core core() {
    return storage.core();
  }

  Path run() {
    return run;
  }

  /** As when the service is replaced. */
  void restart() throws VolumeException {
    storage.close();
    storage = Storage.open(settings(), telemetry, repositories, backends);
  }

  static CreateVolume request(Owner owner, String name) {
    return request(owner, name, SIZE);
  }

  static CreateVolume request(Owner owner, String name, ByteSize size) {
    CreateVolume named = CreateVolume.named(owner, new VolumeName(name));
    return new CreateVolume(named.owner(), named.name(), named.pool(), named.backend(), Optional.of(SizeRange.atLeast(size)),
        named.access(), named.filesystem(), false, named.source(), List.of(), Map.of());
  }

  static CreateVolume from(String name, CreateVolume.Source source) {
    CreateVolume named = CreateVolume.named(Owner.DOCKER, new VolumeName(name));
    return new CreateVolume(named.owner(), named.name(), named.pool(), named.backend(), named.size(), named.access(),
        named.filesystem(), false, source, List.of(), Map.of());
  }

  static VolumeRef ref(String text) {
    return VolumeRef.parse(text);
  }

  static Consumer container(String id) {
    return new Consumer.DockerMount(id);
  }

  Volume create(String name) throws VolumeException {
    return storage.volumes().create(DOCKER, request(Owner.DOCKER, name));
  }

  Path mount(String name, String container) throws VolumeException {
    return storage.publications().mount(DOCKER, ref(name), container(container));
  }

  void unmount(String name, String container) throws VolumeException {
    storage.publications().unmount(DOCKER, ref(name), container(container));
  }

  @Override
  public void close() throws VolumeException {
    try {
      storage.close();
    } finally {
      Scratch.remove(run);
      disks.reversed().forEach(TestDisk::close);
    }
  }
}
