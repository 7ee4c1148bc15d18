package dev.moorage.storage;

import dev.moorage.backend.VolumeBackend;
import dev.moorage.catalog.Catalog;
import dev.moorage.failpoint.Failpoint;
import dev.moorage.linux.Mounts;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.AlreadyExists;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Snapshots of one pool that are mounted read-only on this host, each through a throw-away clone, because mounting replays a journal
 * and a snapshot never changes. Where one is mounted is read from the kernel. Callers hold the snapshot's lock.
 */
final class Views {

  private final Path directory;
  private final Catalog catalog;
  private final ConcurrentMap<SnapshotId, Path> mounted = new ConcurrentHashMap<>();

  /** {@code directory} is where views are mounted whose user names no place. */
  Views(Path directory, Catalog catalog) {
    this.directory = directory;
    this.catalog = catalog;
  }

  Path mount(String action, Snapshot snapshot, Optional<Path> wanted) throws VolumeException {
    ReadOnlyMount.demandFilesystem(action, snapshot.spec(), snapshot.label());
    Path target = wanted.map(Path::toAbsolutePath).map(Path::normalize).orElse(place(snapshot.id().toString()));
    Path present = mounted.get(snapshot.id());
    if (present != null && (wanted.isEmpty() || present.equals(target))) {
      return present;
    }
    if (present != null) {
      throw new AlreadyExists(action, "it is mounted at " + present, "Use it there, or unmount it first");
    }
    try {
      ReadOnlyMount.prepare(action, target, wanted.isPresent());
      new ReadOnlyMount(backend(snapshot), catalog.createView(snapshot), snapshot.spec()).at(target);
      Failpoint.VIEW_MOUNTED.reach();
    } catch (IOException e) {
      drop(snapshot.id(), target);
      throw HostFailure.during(action, e);
    }
    mounted.put(snapshot.id(), target);
    return target;
  }

  /** After a failed mount: what stays is found and dropped when the storage is opened again. */
  private void drop(SnapshotId id, Path target) {
    try {
      catalog.deleteView(id);
      removeOwn(target);
    } catch (VolumeException | IOException e) {
      System.getLogger(Views.class.getName()).log(System.Logger.Level.WARNING, "view of snapshot " + id + " stays for now", e);
    }
  }

  void unmount(String action, Snapshot snapshot) throws VolumeException {
    Path target = mounted.get(snapshot.id());
    try {
      if (target != null && Mounts.at(target).isPresent()) {
        Mounts.unmount(target);
        Failpoint.VIEW_UNMOUNTED.reach();
      }
      if (catalog.view(snapshot.id()).isPresent()) {
        backend(snapshot).detach(catalog.view(snapshot.id()).orElseThrow());
        catalog.deleteView(snapshot.id());
      }
      mounted.remove(snapshot.id());
      removeOwn(target);
    } catch (IOException e) {
      throw HostFailure.during(action, e);
    }
  }

  /** Where something is mounted whose user names no place. */
  Path place(String name) {
    return directory.resolve(name);
  }

  /** Removes a mount point that {@link #place} gave and nothing is mounted on any more; other paths are left alone. */
  void removeOwn(@Nullable Path target) throws IOException {
    if (target != null && target.startsWith(directory)) {
      RunDirectories.removeEmpty(target);
    }
  }

  Optional<Path> mountPoint(SnapshotId id) {
    return Optional.ofNullable(mounted.get(id));
  }

  /** Finds again what is still mounted, and drops the views that are not. */
  void adopt(List<Mounts.Entry> table) throws VolumeException {
    for (SnapshotId id : List.copyOf(catalog.views())) {
      Optional<Snapshot> snapshot = catalog.snapshot(id);
      Optional<Path> target = snapshot.isEmpty() ? Optional.empty()
          : new ReadOnlyMount(backend(snapshot.get()), catalog.view(id).orElseThrow(), snapshot.get().spec()).place(table);
      if (target.isPresent()) {
        mounted.put(id, target.get());
      } else {
        dropAtOpen(id);
      }
    }
  }

  private void dropAtOpen(SnapshotId id) throws VolumeException {
    try {
      catalog.deleteView(id);
      RunDirectories.removeEmpty(directory.resolve(id.toString()));
    } catch (VolumeException.InUse e) {
      // Another namespace has it mounted still; a later opening finds it again.
      System.getLogger(Views.class.getName()).log(System.Logger.Level.INFO, e.getMessage());
    } catch (IOException e) {
      throw HostFailure.during("drop the view of snapshot " + id, e);
    }
  }

  private VolumeBackend backend(Snapshot snapshot) {
    return catalog.backend(snapshot.spec().backend());
  }
}
