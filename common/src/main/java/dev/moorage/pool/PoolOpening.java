package dev.moorage.pool;

import dev.moorage.failpoint.Failpoint;
import dev.moorage.linux.FileOps;
import dev.moorage.record.Directories;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Optional;

/** One opening of one pool: decides what the root is or shall become, and makes or finishes it step by step. */
final class PoolOpening {

  /** How much XFS sets aside for each scattered write after a snapshot; its default is eight times that, and leaks for minutes. */
  private static final int COW_EXTENT_BYTES = 16 << 10;

  private final PoolSettings settings;
  private final Clock clock;
  private final String action;

  PoolOpening(PoolSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    this.action = "open pool " + settings.name();
  }

  Pool open() throws VolumeException {
    try {
      PoolRoot root = makeRoot();
      FileOps.Lock lock = root.lock(action);
      try {
        Failpoint.POOL_ROOT_MADE.reach();
        // Again, now that nobody else can be making a pool here.
        root.refuseForeign(action);
        return isAutomatic(root) ? openFile(root, lock) : openDirectly(root, lock);
      } catch (IOException | VolumeException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw PoolFailure.of(action, settings.root(), e);
    }
  }

  private PoolRoot makeRoot() throws IOException, VolumeException {
    Path named = settings.root().toAbsolutePath().normalize();
    if (!Files.exists(named)) {
      Path parent = named.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Directories.create(named);
    }
    PoolRoot root = new PoolRoot(named.toRealPath());
    root.refuseForeign(action);
    return root;
  }

  private boolean isAutomatic(PoolRoot root) throws IOException, VolumeException {
    if (Files.exists(root.file())) {
      return true;
    }
    if (!settings.backends().contains(BackendKind.IMAGE) || supportsImages(root.directory())) {
      return false;
    }
    if (Files.exists(root.layout().record())) {
      throw new VolumeException.InvalidArgument(action,
          "the pool at " + root.directory() + " is not on XFS with reflink, which the backend 'image' needs",
          "Move the pool to such a filesystem, or give it the backend 'directory' alone");
    }
    return true;
  }

  private static boolean supportsImages(Path directory) throws IOException {
    return FileOps.filesystemMagic(directory) == Host.XFS && FileOps.supportsReflink(directory);
  }

  private Pool openDirectly(PoolRoot root, FileOps.Lock lock) throws IOException, VolumeException {
    Files.deleteIfExists(root.unfinishedFile());
    PoolRecord record = openLayout(root.layout(), PoolId.random());
    return new DirectPool(settings, root.layout(), record.id(), overcommit(record, 1.0), lock);
  }

  private Pool openFile(PoolRoot root, FileOps.Lock lock) throws IOException, VolumeException {
    PoolFile file = PoolFile.of(root, settings.file());
    if (file.exists()) {
      Files.deleteIfExists(root.unfinishedFile());
      file.fillHoles(action);
    } else {
      file.make(action);
    }
    PoolMount mount = PoolMount.open(action, root.file(), root.mount());
    try {
      mount.fillDevice();
      PoolRecord record = openLayout(new PoolLayout(root.mount()), file.id());
      refuseOtherId(root, file, record);
      return new AutomaticPool(settings, file, mount, record.id(), overcommit(record, PoolSettings.AUTOMATIC_OVERCOMMIT), lock);
    } catch (IOException | VolumeException | RuntimeException e) {
      release(mount, e);
      throw e;
    }
  }

  private static void release(PoolMount mount, Exception cause) {
    try {
      mount.release();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private void refuseOtherId(PoolRoot root, PoolFile file, PoolRecord record) throws IOException, VolumeException {
    if (!record.id().equals(file.id())) {
      throw new VolumeException.Corrupt(action,
          "the record in " + root.file() + " is of pool " + record.id() + ", its filesystem of pool " + file.id(),
          "Give the filesystem its UUID back: xfs_admin -U " + record.id() + " " + root.file());
    }
  }

  /** The record of the pool in this directory, which is made into one if it is none; {@code newId} is for that case. */
  private PoolRecord openLayout(PoolLayout layout, PoolId newId) throws IOException, VolumeException {
    boolean isNew = !Files.exists(layout.record());
    if (isNew) {
      PoolRoot.refuseForeign(action, layout.directory());
      Files.setPosixFilePermissions(layout.directory(), PosixFilePermissions.fromString("rwx------"));
    }
    makeDirectories(layout);
    if (isNew) {
      Failpoint.POOL_DIRECTORIES_MADE.reach();
      new PoolRecord(newId, settings.name(), settings.backends(), settings.overcommit(), clock.instant()).write(layout.record());
      Failpoint.POOL_RECORD_WRITTEN.reach();
    }
    return PoolRecord.read(layout.record());
  }

  private static void makeDirectories(PoolLayout layout) throws IOException {
    boolean images = supportsImages(layout.directory());
    for (Path directory : layout.directories()) {
      if (!Files.isDirectory(directory)) {
        Directories.create(directory);
      }
      if (images) {
        FileOps.setCowExtentSize(directory, COW_EXTENT_BYTES);
      }
    }
  }

  private double overcommit(PoolRecord record, double otherwise) {
    Optional<Double> asked = settings.overcommit().or(record::overcommit);
    return asked.orElse(otherwise);
  }
}
