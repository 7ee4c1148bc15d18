package dev.moorage.storage;

import dev.moorage.backend.VolumeBackend;
import dev.moorage.catalog.Catalog;
import dev.moorage.catalog.ReferenceTable;
import dev.moorage.linux.ErrnoException;
import dev.moorage.linux.Mounts;
import dev.moorage.pool.Pool;
import dev.moorage.pool.PoolSettings;
import dev.moorage.pool.Pools;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Opens pools with all that belongs to them, and takes over what the process before left mounted.
 *
 * @param backends which backend serves a kind in a pool: {@code Backends::open}, or a test's
 */
record PoolOpening(Path runDirectory, BiFunction<BackendKind, Pool, VolumeBackend> backends, Journal journal, Clock clock) {

  private static final System.Logger LOG = System.getLogger(PoolOpening.class.getName());
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  OpenPool open(PoolSettings settings) throws VolumeException {
    Pool pool = Pools.open(settings);
    boolean opened = false;
    try {
      OpenPool open = open(pool);
      opened = true;
      return open;
    } catch (IOException e) {
      throw HostFailure.during("open pool " + settings.name(), e);
    } finally {
      if (!opened) {
        pool.close();
      }
    }
  }

  private OpenPool open(Pool pool) throws VolumeException, IOException {
    Path run = runDirectory.resolve(pool.id().toString());
    RunDirectories.make(run);
    Catalog catalog = Catalog.open(pool, kind -> backends.apply(kind, pool), clock);
    ReferenceTable references = ReferenceTable.open(run.resolve("references"), Files.readString(BOOT_ID).strip());
    Stages stages = new Stages(run.resolve("stage"), catalog, journal);
    Views views = new Views(run.resolve("snapshots"), catalog);
    List<Mounts.Entry> table = Mounts.table();
    adoptStages(run.resolve("stage"), catalog, stages, table);
    views.adopt(table);
    for (VolumeId id : List.copyOf(references.volumes())) {
      if (catalog.volume(id).isEmpty()) {
        references.forget(id);
      }
    }
    return new OpenPool(pool, catalog, references, stages, views, Bases.open(pool.layout().bases()));
  }

  private static void adoptStages(Path directory, Catalog catalog, Stages stages, List<Mounts.Entry> table)
      throws IOException, VolumeException {
    for (Mounts.Entry entry : table) {
      if (directory.equals(entry.target().getParent())) {
        Optional<Volume> volume = volume(entry.target(), catalog);
        if (volume.isPresent()) {
          stages.adopt(volume.get());
        } else {
          unmountStray(entry.target());
        }
      }
    }
    if (Files.isDirectory(directory)) {
      removeUnused(directory, stages);
    }
  }

  private static Optional<Volume> volume(Path target, Catalog catalog) {
    try {
      return catalog.volume(VolumeId.parse(target.getFileName().toString()));
    } catch (IllegalArgumentException notAnId) {
      return Optional.empty();
    }
  }

  /** The stage of a volume that no longer lives. */
  private static void unmountStray(Path target) {
    try {
      Mounts.unmount(target);
    } catch (ErrnoException e) {
      LOG.log(System.Logger.Level.WARNING, target + " belongs to no volume and cannot be unmounted: " + e.getMessage());
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, target + " belongs to no volume and cannot be unmounted", e);
    }
  }

  /** Mount points of a process that died before it mounted, or after it unmounted. */
  private static void removeUnused(Path directory, Stages stages) throws IOException {
    try (DirectoryStream<Path> targets = Files.newDirectoryStream(directory)) {
      for (Path target : targets) {
        if (!stages.isTarget(target) && Mounts.at(target).isEmpty()) {
          RunDirectories.removeEmpty(target);
        }
      }
    }
  }
}
