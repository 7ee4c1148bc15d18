package dev.moorage.storage;

import dev.moorage.volume.ContentSource;
import dev.moorage.volume.ContentSource.Asked;
import java.util.Optional;

/**
 * Whether a volume was made of what a repeated request wants. The very words of its own request mean it for ever, whatever they would
 * find today: its source may be gone, {@code latest} may have moved on. Other words mean it when what they find here is its source or,
 * when nothing here answers them, when they fit what its source was called. No repository is asked.
 *
 * @param beginning what the words find on this host now
 */
record SameSource(CreateVolume.Source asked, Beginning beginning) {

  boolean isThatOf(ContentSource present) {
    return switch (asked) {
      case CreateVolume.Source.None _ -> present instanceof ContentSource.Empty;
      case CreateVolume.Source.OfSnapshot(var ref) -> switch (present) {
        case ContentSource.FromSnapshot local -> isOf(ref, local);
        case ContentSource.FromRepository remote -> isOf(ref, remote);
        case ContentSource.NeverSnapshotted(var label) -> isSameAbsence(ref, label);
        case ContentSource.Empty _, ContentSource.FromVolume _ -> false;
      };
      case CreateVolume.Source.OfVolume(var ref) -> present instanceof ContentSource.FromVolume(var id, var label)
          && (beginning instanceof Beginning.OfVolume found
              ? found.volume().id().equals(id) : ref.toString().equals(id.toString()) || isNamed(ref, label));
    };
  }

  private boolean isOf(SnapshotRef ref, ContentSource.FromSnapshot present) {
    if (areTheWords(ref, present.asked()) || ref.equals(new SnapshotRef.ById(present.snapshot()))) {
      return true;
    }
    if (beginning instanceof Beginning.OfSnapshot found) {
      return found.snapshot().id().equals(present.snapshot()) || (present.asked().isEmpty() && fits(ref, present.label(), Optional.empty()));
    }
    // What a repository is named for is a remote snapshot, and nobody knows here whether this one was uploaded there.
    return repository(ref).isEmpty() && fits(ref, present.label(), present.asked());
  }

  private boolean isOf(SnapshotRef ref, ContentSource.FromRepository present) {
    if (areTheWords(ref, present.asked())) {
      return true;
    }
    if (beginning instanceof Beginning.OfSnapshot found) {
      return found.snapshot().id().equals(present.snapshot());
    }
    return switch (RemoteName.of(ref)) {
      case RemoteName.ById(var id) -> id.equals(present.snapshot());
      case RemoteName.BySeat(var volume, var seq) -> volume.equals(present.place().volume()) && seq == present.place().seq();
      case RemoteName.OfVolume name -> name.volume().equals(present.place().volume())
          && (name.isLatest() || present.label().endsWith("@" + name.tag()));
      case RemoteName.Named _ -> repository(ref).filter(each -> !each.equals(present.place().repository())).isEmpty()
          && fits(ref, present.label(), present.asked());
    };
  }

  private static boolean areTheWords(SnapshotRef ref, Optional<Asked> of) {
    return of.isPresent() && of.get().words().equals(ref.toString());
  }

  private static Optional<String> repository(SnapshotRef ref) {
    return ref instanceof SnapshotRef.Remote(var repository, var _) ? repository : Optional.empty();
  }

  /** Whether the words mean what was not there: the same host and owner, in whatever repository. */
  private static boolean isSameAbsence(SnapshotRef ref, String label) {
    return ref.toString().equals(label) || RemoteName.of(ref).equals(RemoteName.of(SnapshotRef.parse(label)));
  }

  /** Whether the words mean a snapshot of that label, host and owner. Old records do not tell the last two, which are then left aside. */
  private static boolean fits(SnapshotRef ref, String label, Optional<Asked> whose) {
    int at = label.lastIndexOf('@');
    String volume = label.substring(label.lastIndexOf('/', at) + 1, at);
    return RemoteName.of(ref) instanceof RemoteName.Named named && named.volume().value().equals(volume)
        && (named.isLatest() || named.tag().value().equals(label.substring(at + 1)))
        && (whose.isEmpty() || named.isOf(whose.get().host(), whose.get().owner()));
  }

  private static boolean isNamed(VolumeRef ref, String name) {
    return switch (ref) {
      case VolumeRef.ById _ -> false;
      case VolumeRef.Named(var _, var each) -> each.value().equals(name);
      case VolumeRef.Plain(var each) -> each.value().equals(name);
    };
  }

  /** What the request wants, such as {@code from snapshot beta/db@before}. */
  String text() {
    return switch (asked) {
      case CreateVolume.Source.None _ -> "empty";
      case CreateVolume.Source.OfSnapshot(var ref) -> "from snapshot " + ref;
      case CreateVolume.Source.OfVolume(var ref) -> "from volume " + ref;
    };
  }

  /** What a volume was made of, such as {@code from snapshot vault:alpha/docker/db@before}. */
  static String text(ContentSource present) {
    return switch (present) {
      case ContentSource.Empty _ -> "empty";
      case ContentSource.FromSnapshot local ->
          "from snapshot " + local.asked().map(how -> how.owner() + "/").orElse("") + local.label() + " (" + local.snapshot() + ")";
      case ContentSource.FromRepository remote -> "from snapshot " + remote.place().repository() + ":"
          + remote.asked().map(how -> how.host() + "/" + how.owner() + "/").orElse("") + remote.label() + " (" + remote.snapshot() + ")";
      case ContentSource.NeverSnapshotted(var label) -> "empty because " + label + " did not exist";
      case ContentSource.FromVolume(var _, var label) -> "from volume " + label;
    };
  }
}
