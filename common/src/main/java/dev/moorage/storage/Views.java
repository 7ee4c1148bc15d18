package dev.moorage.storage;

import dev.moorage.backend.Attachment;
import dev.moorage.backend.DataState;
import dev.moorage.backend.Home;
import dev.moorage.backend.VolumeBackend;
import dev.moorage.catalog.Catalog;
import dev.moorage.failpoint.Failpoint;
import dev.moorage.filesystem.Filesystem;
import dev.moorage.linux.Mounts;
import dev.moorage.volume.Access;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.AlreadyExists;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.Unsupported;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
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
    if (snapshot.spec().access() == Access.BLOCK) {
      throw new Unsupported(action, "the volume has raw access, so there is no filesystem to mount",
          "Make a volume of the snapshot: moorage volume create NAME --from " + snapshot.label());
    }
    Path target = wanted.map(Path::toAbsolutePath).map(Path::normalize).orElse(directory.resolve(snapshot.id().toString()));
    Path present = mounted.get(snapshot.id());
    if (present != null && (wanted.isEmpty() || present.equals(target))) {
      return present;
    }
    if (present != null) {
      throw new AlreadyExists(action, "it is mounted at " + present, "Use it there, or unmount it first");
    }
    try {
      prepare(action, target, wanted.isPresent());
      attachAndMount(snapshot, target);
    } catch (IOException e) {
      drop(snapshot.id(), target);
      throw HostFailure.during(action, e);
    }
    mounted.put(snapshot.id(), target);
    return target;
  }

  private static void prepare(String action, Path target, boolean named) throws IOException, VolumeException {
    if (!named) {
      RunDirectories.make(target);
      return;
    }
    if (!Files.isDirectory(target)) {
      throw new InvalidArgument(action, target + " is not a directory", "Name an empty directory, or none");
    }
    try (Stream<Path> entries = Files.list(target)) {
      if (entries.findAny().isPresent() || Mounts.at(target).isPresent()) {
        throw new InvalidArgument(action, target + " is not empty", "Name an empty directory, or none");
      }
    }
  }

  private void attachAndMount(Snapshot snapshot, Path target) throws IOException, VolumeException {
    Home home = catalog.createView(snapshot);
    Filesystem filesystem = Filesystem.of(snapshot.spec().filesystem());
    try (Attachment attachment = backend(snapshot).attach(home, snapshot.spec())) {
      switch (attachment) {
        case Attachment.Tree tree -> Mounts.bind(tree.path(), target, true);
        case Attachment.Device device -> Mounts.mount(device.path(), target, filesystem.type().word(),
            Set.of(Mounts.Flag.READ_ONLY, Mounts.Flag.NO_DEV, Mounts.Flag.NO_SUID), filesystem.mountOptions(true));
      }
    }
    Failpoint.VIEW_MOUNTED.reach();
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

  private void removeOwn(@Nullable Path target) throws IOException {
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
      Optional<Path> target = snapshot.isEmpty() ? Optional.empty() : find(snapshot.get(), table);
      if (target.isPresent()) {
        mounted.put(id, target.get());
      } else {
        dropAtOpen(id);
      }
    }
  }

  private Optional<Path> find(Snapshot snapshot, List<Mounts.Entry> table) throws VolumeException {
    Home home = catalog.view(snapshot.id()).orElseThrow();
    DataState state = backend(snapshot).inspect(home);
    return table.stream()
        .filter(entry -> state.device().isPresent() && entry.source().equals(state.device().get().toString()))
        .map(Mounts.Entry::target)
        .findFirst();
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
