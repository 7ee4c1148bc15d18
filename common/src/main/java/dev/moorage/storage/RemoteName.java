package dev.moorage.storage;

import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.volume.Owner;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.VolumeId;
import dev.moorage.volume.VolumeName;
import java.util.List;

/** What a snapshot is called in a repository, where many hosts and owners keep theirs. */
public sealed interface RemoteName {

  /** The tag that means the newest one, when no snapshot has this very name. */
  String LATEST = "latest";

  record ById(SnapshotId id) implements RemoteName {
    @Override
    public String toString() {
      return id.toString();
    }
  }

  /** The one at this seat of a history: exact for ever, whatever else has the same names. */
  record BySeat(VolumeId volume, long seq) implements RemoteName {
    @Override
    public String toString() {
      return volume + "#" + seq;
    }
  }

  /** Of the volume with this id, on whatever host. */
  record OfVolume(VolumeId volume, SnapshotName tag) implements RemoteName {
    @Override
    public String toString() {
      return volume + "@" + tag;
    }
  }

  /** {@code path} is what stands before the name: nothing, a host or an owner, or a host and an owner. */
  record Named(List<String> path, VolumeName volume, SnapshotName tag) implements RemoteName {

    public Named {
      path = List.copyOf(path);
    }

    /** Whether that host and owner are meant. */
    boolean isOf(String host, Owner owner) {
      return switch (path.size()) {
        case 0 -> true;
        case 1 -> path.getFirst().equals(host) || path.getFirst().equals(owner.value());
        default -> path.getFirst().equals(host) && path.getLast().equals(owner.value());
      };
    }

    @Override
    public String toString() {
      return path.isEmpty() ? volume + "@" + tag : String.join("/", path) + "/" + volume + "@" + tag;
    }
  }

  /**
   * Reads what users type after {@code repository:}.
   *
   * @throws IllegalArgumentException with a sentence for the user
   */
  static RemoteName parse(String text) {
    int at = text.lastIndexOf('@');
    int hash = text.indexOf('#');
    if (at < 0 && hash >= 0) {
      return bySeat(text, hash);
    }
    if (at < 0) {
      return byId(text);
    }
    SnapshotName tag = new SnapshotName(text.substring(at + 1));
    List<String> words = List.of(text.substring(0, at).split("/", -1));
    if (words.size() > 3) {
      throw new IllegalArgumentException("'" + text + "' has too many parts; write HOST/OWNER/VOLUME@SNAPSHOT");
    }
    if (words.size() == 1 && VolumeRef.parse(words.getFirst()) instanceof VolumeRef.ById(VolumeId id)) {
      return new OfVolume(id, tag);
    }
    List<String> path = words.subList(0, words.size() - 1).stream().map(word -> new Owner(word).value()).toList();
    return new Named(path, new VolumeName(words.getLast()), tag);
  }

  private static RemoteName byId(String text) {
    try {
      return new ById(SnapshotId.parse(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + text + "' names no snapshot; write VOLUME@SNAPSHOT, such as db@before", e);
    }
  }

  private static RemoteName bySeat(String text, int hash) {
    String number = text.substring(hash + 1);
    if (!number.matches("[1-9][0-9]{0,17}")) {
      throw new IllegalArgumentException("'" + text + "' does not name a snapshot; write VOLUME-ID#NUMBER");
    }
    return new BySeat(VolumeId.parse(text.substring(0, hash)), Long.parseLong(number));
  }

  /** What names exactly this one, for whoever must tell it apart from others. */
  static RemoteName exact(SnapshotEntry entry) {
    return new BySeat(entry.seat().volume(), entry.seat().seq());
  }

  /**
   * The newest one of a volume: {@code NAME}, {@code OWNER/NAME}, {@code HOST/NAME}, {@code HOST/OWNER/NAME} or an id.
   *
   * @throws IllegalArgumentException with a sentence for the user
   */
  static RemoteName newestOf(String volume) {
    return parse(volume + "@" + LATEST);
  }

  /** The remote name for what may also be local. */
  static RemoteName of(SnapshotRef ref) {
    return switch (ref) {
      case SnapshotRef.ById(var id) -> new ById(id);
      case SnapshotRef.Of(VolumeRef.ById(var id), var tag) -> new OfVolume(id, tag);
      case SnapshotRef.Of(VolumeRef.Named(var owner, var name), var tag) -> new Named(List.of(owner.value()), name, tag);
      case SnapshotRef.Of(VolumeRef.Plain(var name), var tag) -> new Named(List.of(), name, tag);
      case SnapshotRef.Remote(var _, var name) -> name;
    };
  }

  /** Whether the newest one is wanted. */
  default boolean isLatest() {
    return switch (this) {
      case ById _, BySeat _ -> false;
      case OfVolume(var _, var tag) -> tag.value().equals(LATEST);
      case Named(var _, var _, var tag) -> tag.value().equals(LATEST);
    };
  }

  /** Whether the snapshot is of the volume that is meant, whatever its tag. */
  default boolean fitsVolume(SnapshotEntry entry) {
    SnapshotEntry.Origin origin = entry.origin();
    return switch (this) {
      case ById(var id) -> entry.snapshot().equals(id);
      case BySeat(var volume, var seq) -> entry.seat().volume().equals(volume) && entry.seat().seq() == seq;
      case OfVolume(var volume, var _) -> entry.seat().volume().equals(volume);
      case Named named -> origin.volumeName().equals(named.volume()) && named.isOf(origin.host(), origin.owner());
    };
  }

  /** Whether it is of a volume of the name that is meant, but of another host or owner. */
  default boolean isNamesake(SnapshotEntry entry) {
    return this instanceof Named named && named.volume().equals(entry.origin().volumeName()) && !fitsVolume(entry);
  }

  /** Whether its tag is the very one that is meant. */
  default boolean fitsTag(SnapshotEntry entry) {
    return switch (this) {
      case ById _, BySeat _ -> true;
      case OfVolume(var _, var tag) -> entry.origin().tag().equals(tag);
      case Named(var _, var _, var tag) -> entry.origin().tag().equals(tag);
    };
  }
}
