package dev.moorage.storage;

import dev.moorage.repository.Repository;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.NotFound;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds committed snapshots of one repository by what people call them, as {@link RemoteName} has it. What fits several is refused, with
 * all of them.
 */
public final class RemoteSnapshots {

  private static final int CANDIDATES_MAX = 20;

  private RemoteSnapshots() {}

  /** What names a snapshot that somebody must tell apart from others. */
  public static String exact(SnapshotEntry entry) {
    return RemoteName.exact(entry).toString();
  }

  /** The one snapshot that the text means. */
  public static SnapshotEntry find(String action, Repository repository, String text) throws VolumeException, IOException {
    RemoteName name = parsed(action, text, RemoteName::parse);
    List<SnapshotEntry> all = repository.snapshots().stream().filter(name::fitsVolume).toList();
    List<SnapshotEntry> exact = all.stream().filter(name::fitsTag).toList();
    List<SnapshotEntry> found = exact.isEmpty() && name.isLatest() ? newest(all) : exact;
    if (found.isEmpty()) {
      throw new NotFound(action, "the repository has no snapshot " + text + ", or it is forgotten",
          "'moorage repository snapshots' lists what it has");
    }
    if (found.size() > 1) {
      throw new InvalidArgument(action, text + " fits several snapshots: " + found.stream().limit(CANDIDATES_MAX)
          .map(each -> each.origin().host() + "/" + each.origin().owner() + "/" + each.label() + " (" + exact(each) + ")")
          .collect(Collectors.joining(", ")), "Write HOST/VOLUME@SNAPSHOT, OWNER/VOLUME@SNAPSHOT or the exact name in brackets");
    }
    return found.getFirst();
  }

  /** Those of the volumes that the text means: a name, {@code OWNER/NAME}, {@code HOST/NAME}, {@code HOST/OWNER/NAME} or an id. */
  public static List<SnapshotEntry> ofVolume(String action, List<SnapshotEntry> all, Optional<String> volume) throws InvalidArgument {
    if (volume.isEmpty()) {
      return all;
    }
    RemoteName name = parsed(action, volume.get(), RemoteName::newestOf);
    return all.stream().filter(name::fitsVolume).toList();
  }

  private static RemoteName parsed(String action, String text, Function<String, RemoteName> parse) throws InvalidArgument {
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidArgument(action, String.valueOf(e.getMessage()), "Write VOLUME@SNAPSHOT, such as db@before or db@latest, or "
          + "VOLUME-ID#NUMBER as 'moorage repository snapshots' shows it", e);
    }
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
