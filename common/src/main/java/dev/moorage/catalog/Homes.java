package dev.moorage.catalog;

import dev.moorage.backend.DataState;
import dev.moorage.backend.Home;
import dev.moorage.backend.VolumeBackend;
import dev.moorage.pool.PoolLayout;
import dev.moorage.record.AtomicFile;
import dev.moorage.record.Directories;
import dev.moorage.failpoint.Failpoint;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The directories of homes. Everything is built under {@code tmp/}, where the next open would delete it, and leaves by one rename;
 * everything that goes returns there first. Safe for use by several threads on different homes.
 */
final class Homes {

  private static final List<String> RECORDS =
      List.of(VolumeRecord.FILE, SnapshotRecord.FILE, VolumeRecord.FILE + AtomicFile.UNFINISHED,
          SnapshotRecord.FILE + AtomicFile.UNFINISHED);

  private final PoolLayout layout;
  private final BackendTable backends;
  private final Map<Path, Problem> leftovers = new ConcurrentHashMap<>();

  Homes(PoolLayout layout, BackendTable backends) {
    this.layout = layout;
    this.backends = backends;
  }

  PoolLayout layout() {
    return layout;
  }

  /** The home of the snapshot's view; its id is the view's own, and the same for every view of that snapshot. */
  Home view(SnapshotId snapshot) {
    return new Home(viewId(snapshot), layout.view(snapshot));
  }

  private static UUID viewId(SnapshotId snapshot) {
    return UUID.nameUUIDFromBytes(("view of " + snapshot).getBytes(StandardCharsets.UTF_8));
  }

  /** Makes an empty home under {@code tmp/}; one that an earlier operation had to leave there is deleted first. */
  Home begin(String action, UUID id) throws VolumeException, IOException {
    Home home = new Home(id, layout.tmp(id));
    if (Files.exists(home.directory()) && !discard(home)) {
      throw new VolumeException.InUse(action, "what an earlier operation left at " + home.directory() + " is still in use",
          "End what uses it ('moorage doctor' shows it), then try again");
    }
    Files.createDirectory(home.directory(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return home;
  }

  /** Renames the home's directory; durable on return. */
  Home move(Home home, Path target) throws IOException {
    Directories.move(home.directory(), target);
    return new Home(home.id(), target);
  }

  /**
   * Deletes a home that is not wanted, from {@code tmp/}, or from {@code placed} if it had got there already. Never fails: what cannot go now
   * is a leftover, which {@link #tidy} and the next open try again.
   */
  void withdraw(Home building, Path placed) {
    try {
      if (!Files.exists(building.directory()) && Files.exists(placed)) {
        Directories.move(placed, building.directory());
      }
      discard(building);
    } catch (IOException e) {
      leave(placed, "it is half-made and could not be taken back: " + e.getMessage());
    }
  }

  /**
   * Deletes a home under {@code tmp/}: its data through whichever backend has it, its records, its directory.
   *
   * @return whether it is gone; if not, it is a leftover
   */
  boolean discard(Home home) {
    Path directory = home.directory();
    try {
      for (VolumeBackend backend : backends.all()) {
        backend.delete(home);
      }
      Failpoint.PURGE_DATA_GONE.reach();
      for (String record : RECORDS) {
        Files.deleteIfExists(directory.resolve(record));
      }
      Files.deleteIfExists(directory);
      leftovers.remove(directory);
      return true;
    } catch (VolumeException e) {
      leave(directory, e.reason());
    } catch (DirectoryNotEmptyException e) {
      leave(directory, "it holds files that Moorage did not make");
    } catch (IOException e) {
      leave(directory, String.valueOf(e.getMessage()));
    }
    return false;
  }

  private void leave(Path directory, String reason) {
    leftovers.put(directory, new Problem(directory, "it is deleted but could not be removed: " + reason,
        "It will be tried again; end what uses it, or remove it by hand"));
  }

  /** What is left over under {@code tmp/}. */
  List<Problem> leftovers() {
    return List.copyOf(leftovers.values());
  }

  /** Tries every leftover again. */
  void tidy() {
    for (Path directory : leftovers.keySet()) {
      if (directory.startsWith(layout.tmp())) {
        discard(new Home(UUID.fromString(directory.getFileName().toString()), directory));
      }
    }
  }

  /**
   * Demands that nobody uses the home's data, and detaches it, so that it may be moved. Data that is gone is used by nobody.
   *
   * @throws VolumeException.InUse when somebody does; nothing is changed
   */
  void makeIdle(String action, Home home, VolumeBackend backend) throws VolumeException {
    DataState state;
    try {
      state = backend.inspect(home);
    } catch (VolumeException.NotFound e) {
      return;
    }
    if (!state.idle()) {
      throw new VolumeException.InUse(action, "somebody uses " + state.device().map(Path::toString).orElse("its data"),
          "Stop what uses it, then try again");
    }
    if (state.device().isPresent()) {
      backend.detach(home);
    }
  }
}
