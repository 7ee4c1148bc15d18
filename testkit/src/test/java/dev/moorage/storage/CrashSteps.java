package dev.moorage.storage;

import static dev.moorage.storage.Host.ADMIN;
import static dev.moorage.storage.Host.DOCKER;
import static dev.moorage.storage.Host.ref;

import dev.moorage.pool.PoolSettings;
import dev.moorage.telemetry.Telemetry;
import dev.moorage.volume.Access;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.FilesystemType;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.SizeRange;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A fixed sequence that passes every multi-step operation of the storage, for a process that is killed somewhere in it. */
final class CrashSteps {

  private static final ByteSize SMALL = ByteSize.ofMebibytes(512);
  private static final ByteSize LARGE = ByteSize.ofMebibytes(768);
  private static final SnapshotRef BEFORE = SnapshotRef.parse("db@before");

  private final Path directory;
  private final Storage storage;

  CrashSteps(Path directory, Storage storage) {
    this.directory = directory;
    this.storage = storage;
  }

  /** One acknowledged call. */
  interface Step {
    void run() throws Exception;
  }

  /** Runs the steps from the given one on, and tells {@code done} of each. */
  static void run(List<Step> steps, int from, Step done) throws Exception {
    for (Step step : steps.subList(from, steps.size())) {
      step.run();
      done.run();
    }
  }

  /** Waits for a job, which must succeed. */
  static void await(Storage storage, Job job) throws InterruptedException {
    Job ended = storage.jobs().await(job.id(), Host.LONG).orElse(job);
    if (ended.state() != Job.State.DONE) {
      throw new AssertionError("it ended as " + ended);
    }
  }

  /** A pool {@code fast} and a run directory, both below the given directory. */
  static Storage open(Path directory) throws Exception {
    return Storage.open(new StorageSettings(List.of(pool(directory, "fast")), directory.resolve("run")), new Telemetry());
  }

  private static PoolSettings pool(Path directory, String name) {
    PoolSettings pool = PoolSettings.at(new PoolName(name), directory.resolve(name));
    return new PoolSettings(pool.name(), pool.root(), pool.backends(), Optional.of(50.0), SMALL, pool.trashRetention(), pool.file());
  }

  private List<Step> steps() {
    return List.of(
        () -> storage.volumes().create(DOCKER, request("db", Access.FILESYSTEM)),
        () -> storage.volumes().create(DOCKER, request("raw", Access.BLOCK)),
        () -> Files.writeString(mount("db").resolve("row"), "good"),
        () -> storage.snapshots().create(DOCKER, ref("db"), Optional.of(new SnapshotName("before"))),
        () -> storage.volumes().grow(ADMIN, ref("docker/db"), LARGE),
        () -> Files.writeString(mount("db").resolve("row"), "bad"),
        () -> mount("raw"),
        () -> publish("raw"),
        () -> unpublish("raw"),
        () -> unmount("raw"),
        () -> unmount("db"),
        this::unmountAll,
        () -> storage.volumes().rollback(ADMIN, BEFORE),
        () -> storage.jobs().await(storage.volumes().compact(ADMIN, ref("docker/db")).id(), Host.LONG),
        () -> storage.snapshots().mount(ADMIN, BEFORE, Optional.empty()),
        () -> storage.snapshots().unmount(ADMIN, BEFORE),
        () -> storage.pools().create(ADMIN, pool(directory, "slow")),
        () -> storage.volumes().remove(DOCKER, ref("raw")));
  }

  private static CreateVolume request(String name, Access access) {
    return new CreateVolume(Owner.DOCKER, new VolumeName(name), Optional.empty(), Optional.empty(),
        Optional.of(SizeRange.atLeast(SMALL)), Optional.of(access), Optional.of(FilesystemType.XFS), false,
        new CreateVolume.Source.None(), List.of(), Map.of());
  }

  private Path mount(String name) throws Exception {
    return storage.publications().mount(DOCKER, ref(name), Host.container(name));
  }

  private void unmount(String name) throws Exception {
    storage.publications().unmount(DOCKER, ref(name), Host.container(name));
  }

  private void publish(String name) throws Exception {
    storage.publications().publish(DOCKER, ref(name), new Publication(directory.resolve("pod"), Set.of(), Optional.empty()));
  }

  private void unpublish(String name) throws Exception {
    storage.publications().unpublish(DOCKER, ref(name), directory.resolve("pod"), false);
  }

  /** A mount whose answer was lost with the process, and that is asked for again, counts twice. */
  private void unmountAll() throws Exception {
    while (storage.volumes().status(DOCKER, ref("db")).consumers() > 0) {
      unmount("db");
    }
  }

  int count() {
    return steps().size();
  }

  /** Runs the steps from the given one on, and tells {@code done} of each. */
  void run(int from, Step done) throws Exception {
    run(steps(), from, done);
  }

  void run(int from) throws Exception {
    run(from, () -> { });
  }

  /** The process that is killed: runs all steps and writes a line to the diary after each. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    Path diary = Path.of(arguments[1]);
    try (Storage storage = open(directory)) {
      new CrashSteps(directory, storage).run(0, () -> Files.writeString(diary, "done\n", StandardOpenOption.APPEND));
    }
  }
}
