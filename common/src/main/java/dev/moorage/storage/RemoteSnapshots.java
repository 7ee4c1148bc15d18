package dev.moorage.storage;

import dev.moorage.repository.Repository;
import dev.moorage.repository.history.Seat;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.NotFound;
import dev.moorage.volume.VolumeId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds committed snapshots by what people call them: {@code db@before}, {@code docker/db@before}, {@code host1/db@before},
 * {@code VOLUME-ID@before}, {@code …@latest}, or exactly by {@code VOLUME-ID#NUMBER}. What fits several is refused, with all of them.
 */
public final class RemoteSnapshots {

  private static final String LATEST = "latest";
  private static final int CANDIDATES_MAX = 20;

  private RemoteSnapshots() {}

  /** What names a snapshot that somebody must tell apart from others. */
  public static String exact(SnapshotEntry entry) {
    return entry.seat().volume() + "#" + entry.seat().seq();
  }

  /** The one snapshot that the text means. */
  public static SnapshotEntry find(String action, Repository repository, String text) throws VolumeException, IOException {
    int hash = text.indexOf('#');
    if (hash >= 0) {
      return bySeat(action, repository, text, hash);
    }
    int at = text.lastIndexOf('@');
    if (at <= 0 || at == text.length() - 1) {
      throw new InvalidArgument(action, "'" + text + "' names no snapshot", "Write VOLUME@SNAPSHOT, such as db@before or db@latest");
    }
    String tag = text.substring(at + 1);
    List<SnapshotEntry> all = ofVolume(repository.snapshots(), Optional.of(text.substring(0, at)));
    List<SnapshotEntry> found = tag.equals(LATEST) ? newest(all) : all.stream().filter(each -> each.origin().tag().value().equals(tag)).toList();
    if (found.isEmpty()) {
      throw new NotFound(action, "the repository has no snapshot " + text, "'moorage repository snapshots' lists what it has");
    }
    if (found.size() > 1) {
      throw new InvalidArgument(action, text + " fits several snapshots: " + found.stream().limit(CANDIDATES_MAX)
          .map(each -> each.origin().host() + "/" + each.origin().owner() + "/" + each.label() + " (" + exact(each) + ")")
          .collect(Collectors.joining(", ")), "Write HOST/VOLUME@SNAPSHOT, OWNER/VOLUME@SNAPSHOT or the exact name in brackets");
    }
    return found.getFirst();
  }

  private static SnapshotEntry bySeat(String action, Repository repository, String text, int hash) throws VolumeException, IOException {
    Seat seat;
    try {
      seat = new Seat(VolumeId.parse(text.substring(0, hash)), Long.parseLong(text.substring(hash + 1)));
    } catch (IllegalArgumentException e) {
      throw new InvalidArgument(action, "'" + text + "' names no snapshot", "Write VOLUME-ID#NUMBER as 'moorage repository snapshots' shows it", e);
    }
    if (repository.history().read(seat).orElse(null) instanceof SnapshotEntry entry && !repository.history().isForgotten(seat)) {
      return entry;
    }
    throw new NotFound(action, "the repository has no snapshot " + text + ", or it is forgotten", "'moorage repository snapshots' lists what it has");
  }

  /** Those of the volumes that the text means: a name, {@code OWNER/NAME}, {@code HOST/NAME}, {@code HOST/OWNER/NAME} or an id. */
  public static List<SnapshotEntry> ofVolume(List<SnapshotEntry> all, Optional<String> volume) {
    return volume.isEmpty() ? all : all.stream().filter(each -> isOf(each, volume.get())).toList();
  }

  private static boolean isOf(SnapshotEntry entry, String volume) {
    SnapshotEntry.Origin origin = entry.origin();
    String name = origin.volumeName().value();
    return List.of(name, origin.owner() + "/" + name, origin.host() + "/" + name, origin.host() + "/" + origin.owner() + "/" + name,
        entry.seat().volume().toString()).contains(volume);
  }

  /** The newest of each volume; the list has each volume's newest first. */
  private static List<SnapshotEntry> newest(List<SnapshotEntry> all) {
    List<SnapshotEntry> newest = new ArrayList<>();
    for (SnapshotEntry each : all) {
      if (newest.isEmpty() || !newest.getLast().seat().volume().equals(each.seat().volume())) {
        newest.add(each);
      }
    }
    return newest;
  }
}
