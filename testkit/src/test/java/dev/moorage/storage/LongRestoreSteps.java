package dev.moorage.storage;

import static dev.moorage.storage.Host.DOCKER;
import static dev.moorage.storage.Host.ref;

import dev.moorage.objectstore.ForwardingStore;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.objectstore.file.FileStores;
import dev.moorage.telemetry.Telemetry;
import dev.moorage.testkit.history.Vault;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.Owner;
import dev.moorage.volume.SnapshotName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A volume with something in every part of its four GiB, uploaded, and restored from a store that is slow, for a process that is killed. */
final class LongRestoreSteps {

  private static final ByteSize SIZE = ByteSize.ofGibibytes(4);
  private static final int FILES = 40;
  private static final int PIECE_BYTES = 256 << 10;

  private LongRestoreSteps() {}

  static Storage open(Path directory, RepositorySource source) throws Exception {
    return Storage.open(new StorageSettings(List.of(UploadSteps.pool(directory)), directory.resolve("run"), "host"), new Telemetry(), source);
  }

  /** Makes the volume and its only remote snapshot. */
  static void prepare(Path directory) throws Exception {
    try (Storage storage = UploadSteps.open(directory)) {
      storage.volumes().create(DOCKER, Host.request(Owner.DOCKER, "db", SIZE));
      scatter(storage.publications().mount(DOCKER, ref("db"), Host.container("w")));
      storage.publications().unmount(DOCKER, ref("db"), Host.container("w"));
      Job job = storage.uploads().create(DOCKER, ref("db"), Optional.of(new SnapshotName("first")), Vault.NAME).job();
      demandDone(storage.jobs().await(job.id(), Host.LONG).orElse(job));
    }
  }

  /** Ext4 puts each directory into another group of blocks, so the files lie all over the volume. */
  private static void scatter(Path root) throws IOException {
    Random random = new Random(7);
    for (int i = 0; i < FILES; i++) {
      Path directory = Files.createDirectory(root.resolve("d" + i));
      byte[] bytes = new byte[PIECE_BYTES];
      random.nextBytes(bytes);
      try (FileChannel file = FileChannel.open(directory.resolve("file"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        if (file.write(ByteBuffer.wrap(bytes)) != bytes.length) {
          throw new IOException("too little was written");
        }
      }
    }
  }

  static void restore(Storage storage, String name) throws Exception {
    storage.volumes().create(DOCKER, Host.from(name, new CreateVolume.Source.OfSnapshot(SnapshotRef.parse("vault:host/db@first"))));
    Job job = storage.restores().begin(DOCKER, ref(name));
    demandDone(storage.jobs().await(job.id(), Duration.ofSeconds(90)).orElse(job));
  }

  private static void demandDone(Job job) {
    if (job.state() != Job.State.DONE) {
      throw new AssertionError("it ended as " + job);
    }
  }

  /** The process that is killed while it restores. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    try (ObjectStore store = FileStores.open(directory.resolve("vault"));
        Storage storage = open(directory, SharedStore.at(new Slow(store)).source())) {
      restore(storage, "back");
    }
  }

  /** Lets every second read of a pack wait so long that a restore notes how far it is. */
  private static final class Slow extends ForwardingStore {
    private static final long WAITS_NANOS = Duration.ofSeconds(3).toNanos();
    private final AtomicInteger reads = new AtomicInteger();

    Slow(ObjectStore to) {
      super(to);
    }

    @Override
    public ObjectStream getRange(ObjectKey key, long offset, int length) throws ObjectStoreException {
      if (reads.incrementAndGet() % 2 == 0) {
        LockSupport.parkNanos(WAITS_NANOS);
      }
      return super.getRange(key, offset, length);
    }
  }
}
