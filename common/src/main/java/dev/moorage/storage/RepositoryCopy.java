package dev.moorage.storage;

import dev.moorage.repository.HistoryCopy;
import dev.moorage.repository.Inventory;
import dev.moorage.repository.Repository;
import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.backup.BackupStats;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.NotFound;
import dev.moorage.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Copies snapshots of a repository into another one, volume by volume, the oldest first. What the other one has already is left out; what
 * cannot be read is told, and the others are copied all the same. When it is interrupted, the same call goes on.
 */
public final class RepositoryCopy {

  private final Repository from;
  private final Repository to;
  private final Path spool;
  private final List<Inventory.Unread> unread = new ArrayList<>();

  /** {@code spool} is a directory on a local disk, for packs on their way; what is in it is deleted. */
  public RepositoryCopy(Repository from, Repository to, Path spool) {
    this.from = from;
    this.to = to;
    this.spool = spool;
  }

  /** What became of one snapshot. */
  public enum Result {
    COPIED,
    /** It was there already. */
    PRESENT,
    /** A newer one was copied before it. */
    TOO_OLD,
    /** The target's history of the volume is written by somebody else. */
    REFUSED,
    /** It cannot be read. */
    UNREADABLE
  }

  /**
   * One snapshot that was to be copied.
   *
   * @param addedBytes what was stored for it
   * @param detail why it was not copied, for people
   */
  public record Line(SnapshotEntry original, Result result, long addedBytes, String detail) {}

  /** Is told what is under way. */
  public interface Watcher {

    /** A snapshot comes next; what is returned is told how many bytes of it were read. */
    LongConsumer begins(SnapshotEntry original, int number, int count);
  }

  /**
   * Those that are meant: all of the given volumes, and the given snapshots; with neither, all. Volume by volume, the oldest first.
   *
   * @throws NotFound when a volume has none, or there is no such snapshot
   */
  public List<SnapshotEntry> select(String action, List<String> volumes, List<String> snapshots) throws VolumeException, IOException {
    Map<String, SnapshotEntry> chosen = new LinkedHashMap<>();
    Inventory inventory = from.inventory();
    List<SnapshotEntry> all = inventory.snapshots();
    unread.clear();
    unread.addAll(snapshots.isEmpty() || !volumes.isEmpty() ? inventory.unread() : List.of());
    if (volumes.isEmpty() && snapshots.isEmpty()) {
      all.forEach(each -> chosen.put(RemoteSnapshots.exact(each), each));
    }
    for (String volume : volumes) {
      List<SnapshotEntry> found = RemoteSnapshots.ofVolume(action, all, Optional.of(volume));
      if (found.isEmpty()) {
        throw new NotFound(action, "the repository has no snapshots of volume " + volume, "'moorage repository snapshots' lists what it has");
      }
      found.forEach(each -> chosen.put(RemoteSnapshots.exact(each), each));
    }
    for (String snapshot : snapshots) {
      SnapshotEntry found = RemoteSnapshots.find(action, from, snapshot);
      chosen.put(RemoteSnapshots.exact(found), found);
    }
    return chosen.values().stream().sorted(Comparator.comparing(SnapshotEntry::seat)).toList();
  }

  /** Entries that {@link #select} met and that nobody can read: they may be some of those that are meant. */
  public List<Inventory.Unread> unread() {
    return List.copyOf(unread);
  }

  /** Copies them. {@code host} is this one, for people. */
  public List<Line> run(String action, List<SnapshotEntry> snapshots, String host, Watcher watcher) throws VolumeException, IOException {
    if (from.header().id().equals(to.header().id())) {
      throw new InvalidArgument(action, "both are the same repository", "Name another one to copy into");
    }
    List<Line> lines = new ArrayList<>();
    Map<VolumeId, HistoryCopy> copies = new LinkedHashMap<>();
    for (SnapshotEntry each : snapshots) {
      LongConsumer progress = watcher.begins(each, lines.size() + 1, snapshots.size());
      HistoryCopy copy = copies.computeIfAbsent(each.seat().volume(), volume -> from.copyTo(to, volume, host, spool));
      lines.add(copy(copy, each, progress));
    }
    return lines;
  }

  private Line copy(HistoryCopy copy, SnapshotEntry original, LongConsumer progress) throws IOException {
    BackupStats stats = new BackupStats();
    try {
      return switch (copy.copy(original, stats, progress)) {
        case HistoryCopy.Outcome.Copied _ -> new Line(original, Result.COPIED, stats.bytesSealed(), "");
        case HistoryCopy.Outcome.Present _ -> new Line(original, Result.PRESENT, 0, "");
        case HistoryCopy.Outcome.TooOld(SnapshotEntry newest) ->
            new Line(original, Result.TOO_OLD, 0, "a copy of the newer " + newest.label() + " is there, and copies keep the order");
        case HistoryCopy.Outcome.AnotherWriter(String who) -> new Line(original, Result.REFUSED, 0,
            "the history of this volume there is not one of copies: " + who + ". Upload there from that host");
      };
    } catch (UnreadableException.Rotated e) {
      throw e;
    } catch (UnreadableException e) {
      return new Line(original, Result.UNREADABLE, 0, String.valueOf(e.getMessage()));
    }
  }
}
