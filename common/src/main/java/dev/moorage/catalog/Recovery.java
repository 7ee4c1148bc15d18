package dev.moorage.catalog;

import dev.moorage.backend.Home;
import dev.moorage.pool.PoolLayout;
import dev.moorage.record.Directories;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Fills the index from disk and finishes or undoes what a dead process left half-done. It touches nothing that it does not
 * understand; that becomes a {@link Problem}. It costs one read per record, and more only for what has to be mended.
 */
final class Recovery {

  private final Parts parts;
  private final PoolLayout layout;
  private final List<Problem> problems = new ArrayList<>();

  Recovery(Parts parts) {
    this.parts = parts;
    this.layout = parts.layout();
  }

  /** Recovers; returns what it could not make sense of. */
  List<Problem> run() throws IOException {
    completeGroups();
    emptyTmp();
    List<Volume> volumes = new ArrayList<>();
    for (Found found : readAll()) {
      take(found, volumes);
    }
    name(volumes);
    views();
    resumeGrowths(volumes);
    return problems;
  }

  /** Everything is read before anything is moved, so that nothing is met twice. */
  private List<Found> readAll() throws IOException {
    List<Found> found = new ArrayList<>();
    try (RecordScan scan = new RecordScan()) {
      for (Path place : List.of(layout.volumes(), layout.snapshots(), layout.trash())) {
        found.addAll(scan.read(place));
      }
    }
    return found;
  }

  /** A marker means that all members were whole; if one is missing, taking the group back was under way. */
  private void completeGroups() throws IOException {
    for (Path entry : RecordScan.entries(layout.tmp())) {
      String name = entry.getFileName().toString();
      if (GroupMarker.isUnfinished(name)) {
        Files.delete(entry);
      } else if (GroupMarker.isNamed(name)) {
        try {
          complete(GroupMarker.read(entry));
        } catch (IOException e) {
          problems.add(new Problem(entry, String.valueOf(e.getMessage()), DiskFailure.remedy(e)));
        }
      }
    }
  }

  private void complete(GroupMarker marker) throws IOException {
    boolean whole = marker.members().stream()
        .allMatch(id -> Files.exists(layout.snapshot(id)) || Files.exists(layout.tmp(id.value())));
    for (SnapshotId id : marker.members()) {
      Path from = whole ? layout.tmp(id.value()) : layout.snapshot(id);
      if (Files.exists(from)) {
        Directories.move(from, whole ? layout.snapshot(id) : layout.tmp(id.value()));
      }
    }
    marker.delete();
  }

  private void emptyTmp() throws IOException {
    for (Path entry : RecordScan.entries(layout.tmp())) {
      if (RecordScan.isHome(entry)) {
        parts.homes().discard(new Home(UUID.fromString(entry.getFileName().toString()), entry));
      } else if (!GroupMarker.isNamed(entry.getFileName().toString())) {
        problems.add(RecordScan.foreign(entry));
      }
    }
  }

  private void take(Found found, List<Volume> volumes) throws IOException {
    switch (found) {
      case Found.Puzzle(Problem problem) -> problems.add(problem);
      case Found.OfSnapshot(Path directory, Snapshot snapshot) -> takeSnapshot(directory, snapshot);
      case Found.OfVolume(Path directory, Volume volume) -> {
        Path place = volume.deletedAt().isPresent() ? layout.trash(volume.id().value()) : layout.volume(volume.id());
        if (settle(directory, place)) {
          parts.admission().count(parts.admission().charge(volume));
          if (volume.deletedAt().isPresent()) {
            parts.index().addTrashed(volume);
          } else {
            volumes.add(volume);
          }
        }
      }
    }
  }

  private void takeSnapshot(Path directory, Snapshot snapshot) throws IOException {
    Path place = snapshot.deletedAt().isPresent() ? layout.trash(snapshot.id().value()) : layout.snapshot(snapshot.id());
    if (settle(directory, place)) {
      parts.admission().count(parts.admission().charge(snapshot));
      if (snapshot.deletedAt().isPresent()) {
        parts.index().addTrashed(snapshot);
      } else {
        parts.index().add(snapshot);
      }
    }
  }

  /** Moves a home to where its record says that it belongs; false when something stands there. */
  private boolean settle(Path directory, Path place) throws IOException {
    if (directory.equals(place)) {
      return true;
    }
    if (Files.exists(place)) {
      problems.add(new Problem(directory, "its record belongs at " + place + ", where another stands",
          "Move one of the two out of the pool"));
      return false;
    }
    Directories.move(directory, place);
    return true;
  }

  /** The older one keeps a name that two bear; the other can be reached by its id. */
  private void name(List<Volume> volumes) {
    volumes.sort(Comparator.comparing(Volume::createdAt).thenComparing(volume -> volume.id().value()));
    for (Volume volume : volumes) {
      try {
        parts.index().reserve("load volume " + volume.id(), Index.Label.of(volume), volume.id());
      } catch (VolumeException e) {
        problems.add(new Problem(parts.homeOf(volume).directory(), "an older volume bears its name " + volume.name(),
            "Delete one of the two by its id, or rename it by deleting and restoring it under another name"));
      }
      parts.index().add(volume);
    }
  }

  private void views() throws IOException {
    for (Path entry : RecordScan.entries(layout.views())) {
      if (!RecordScan.isHome(entry)) {
        problems.add(RecordScan.foreign(entry));
        continue;
      }
      SnapshotId id = SnapshotId.parse(entry.getFileName().toString());
      Optional<Snapshot> snapshot = parts.index().snapshot(id);
      if (snapshot.isPresent()) {
        parts.index().addView(id);
        parts.admission().count(parts.admission().chargeOfView(snapshot.get()));
      } else if (!Files.exists(layout.snapshot(id))) {
        Home orphan = parts.homes().view(id);
        parts.homes().discard(parts.homes().move(orphan, layout.tmp(orphan.id())));
      }
    }
  }

  /** Volumes with filesystem access are asked as well: only the backend knows whether data or filesystem was left behind. */
  private void resumeGrowths(List<Volume> volumes) {
    for (Volume volume : volumes) {
      if (volume.filesystemSize().compareTo(volume.spec().size()) < 0
          && parts.backends().isCharged(volume.spec().backend())) {
        try {
          new VolumeChanges(parts).resumeGrowth(volume);
        } catch (VolumeException e) {
          problems.add(new Problem(parts.homeOf(volume).directory(), e.getMessage() == null ? e.reason() : e.getMessage(),
              "It is tried again at the next start"));
        }
      }
    }
  }
}
