package dev.moorage.storage;

import dev.moorage.repository.Inventory;
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
import java.util.Set;
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
    Inventory inventory = repository.inventory();
    List<SnapshotEntry> all = inventory.snapshots().stream().filter(name::fitsVolume).toList();
    List<SnapshotEntry> exact = all.stream().filter(name::fitsTag).toList();
    List<SnapshotEntry> found = exact.isEmpty() && name.isLatest() ? newest(all) : exact;
    // What cannot be read may be what is meant: nothing else is taken for the newest, and nothing is called absent.
    boolean doubtful = found.isEmpty() || (exact.isEmpty() && found.stream().anyMatch(inventory::hidesNewer));
    if (doubtful && !inventory.unread().isEmpty()) {
      throw inventory.unread().stream().filter(each -> name.equals(new RemoteName.BySeat(each.seat().volume(), each.seat().seq()))
          || found.stream().anyMatch(one -> one.seat().volume().equals(each.seat().volume()))).findFirst()
          .orElse(inventory.unread().getFirst()).why();
    }
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

  /** All snapshots of the volumes that the text means, or of all; and what cannot be read and may be one of them. */
  public static Inventory inventory(String action, Repository repository, Optional<String> volume) throws InvalidArgument, IOException {
    Inventory all = repository.inventory();
    List<SnapshotEntry> readable = ofVolume(action, all.snapshots(), volume);
    Set<VolumeId> volumes = readable.stream().map(each -> each.seat().volume()).collect(Collectors.toSet());
    return new Inventory(readable, all.unread().stream()
        .filter(each -> volume.isEmpty() || volumes.isEmpty() || volumes.contains(each.seat().volume())).toList());
  }

  /** Those of the volumes that the text means: a name, {@code OWNER/NAME}, {@code HOST/NAME}, {@code HOST/OWNER/NAME} or an id. */
  public static List<SnapshotEntry> ofVolume(String action, List<SnapshotEntry> all, Optional<String> volume) throws InvalidArgument {
    if (volume.isEmpty()) {
      return all;
    }
    RemoteName name = parsed(action, volume.get(), RemoteName::newestOf);
    return all.stream().filter(name::fitsVolume).toList();
  }

  /**
   * Gives up an entry that cannot be read, so that collections go on. {@code exact} is such as {@code VOLUME-ID#NUMBER}, as
   * verifying names it, because nothing else of it is known. {@code by} tells people who wanted it.
   */
  public static void giveUp(String action, Repository repository, String exact, String by) throws VolumeException, IOException {
    if (!(parsed(action, exact, RemoteName::parse) instanceof RemoteName.BySeat(VolumeId volume, long seq))) {
      throw new InvalidArgument(action, exact + " is no exact name, and of what cannot be read no other is known",
          "Write VOLUME-ID#NUMBER, as 'moorage repository verify' names it");
    }
    if (!repository.giveUp(new Seat(volume, seq), by)) {
      throw new InvalidArgument(action, exact + " can be read", "Forget it without --damaged");
    }
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
