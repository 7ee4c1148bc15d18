package dev.moorage.storage;

import dev.moorage.storage.OpenPool.Located;
import dev.moorage.volume.Access;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ContentSource;
import dev.moorage.volume.FilesystemType;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.AlreadyExists;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether a volume that exists is what a repeated request asks for. What the request leaves open, any value meets. */
final class SameRequest {

  private SameRequest() {}

  /** Throws AlreadyExists, naming everything that differs. */
  static void demand(String action, CreateVolume request, Beginning beginning, Located existing) throws VolumeException {
    List<String> differences = differences(request, beginning, existing);
    if (!differences.isEmpty()) {
      throw new AlreadyExists(action, "it exists already and " + String.join(", ", differences),
          "Choose another name, or remove it first");
    }
  }

  private static List<String> differences(CreateVolume request, Beginning beginning, Located existing) {
    Volume volume = existing.volume();
    List<String> found = new ArrayList<>();
    differ(found, "is in pool", existing.pool().name(), request.pool());
    differ(found, "has backend", volume.spec().backend().word(), request.backend().map(BackendKind::word));
    differ(found, "has access", volume.spec().access().word(), request.access().map(Access::word));
    differ(found, "has filesystem", volume.spec().filesystem().word(), request.filesystem().map(FilesystemType::word));
    if (request.size().isPresent() && !request.size().get().equals(volume.requested())
        && !request.size().get().contains(volume.spec().size())) {
      found.add("has " + volume.spec().size() + ", not " + request.size().get().required());
    }
    if (request.preallocated() && !volume.spec().preallocated()) {
      found.add("is not preallocated");
    }
    if (!isSameSource(request.source(), beginning, volume.source())) {
      found.add("was made " + text(volume.source()));
    }
    if (!request.parameters().equals(volume.parameters())) {
      found.add("has parameters " + volume.parameters() + ", not " + request.parameters());
    }
    if (!request.capabilities().equals(volume.capabilities())) {
      found.add("has capabilities " + volume.capabilities() + ", not " + request.capabilities());
    }
    return found;
  }

  private static <T> void differ(List<String> found, String what, T present, Optional<T> asked) {
    if (asked.isPresent() && !asked.get().equals(present)) {
      found.add(what + " " + present + ", not " + asked.get());
    }
  }

  /** The same id or, when the source is gone or {@code latest} has moved on, the same words. */
  private static boolean isSameSource(CreateVolume.Source asked, Beginning beginning, ContentSource present) {
    return switch (asked) {
      case CreateVolume.Source.None _ -> present instanceof ContentSource.Empty;
      case CreateVolume.Source.OfSnapshot(var ref) when present instanceof ContentSource.NeverSnapshotted(var label) ->
          isSameAbsence(ref, label);
      case CreateVolume.Source.OfSnapshot(var ref) when present instanceof ContentSource.FromRepository remote ->
          beginning.source() instanceof ContentSource.FromSnapshot(var found, var _) ? found.equals(remote.snapshot())
              : isSameRemote(ref, remote);
      case CreateVolume.Source.OfSnapshot(var ref) -> present instanceof ContentSource.FromSnapshot(var id, var label)
          && ((beginning.source() instanceof ContentSource.FromSnapshot(var found, var _) && found.equals(id)) || isCalled(ref, label));
      case CreateVolume.Source.OfVolume(var ref) -> present instanceof ContentSource.FromVolume(var id, var label)
          && (beginning.source() instanceof ContentSource.FromVolume(var found, var _)
              ? found.equals(id) : ref.toString().equals(id.toString()) || isNamed(ref, label));
    };
  }

  private static boolean isSameRemote(SnapshotRef ref, ContentSource.FromRepository present) {
    return switch (RemoteName.of(ref)) {
      case RemoteName.ById(var id) -> id.equals(present.snapshot());
      case RemoteName.BySeat(var volume, var seq) -> volume.equals(present.place().volume()) && seq == present.place().seq();
      case RemoteName.OfVolume name -> name.volume().equals(present.place().volume())
          && (name.isLatest() || present.label().endsWith("@" + name.tag()));
      case RemoteName.Named _ -> isCalled(ref, present.label());
    };
  }

  /** Whether the words mean what was not there: the same host and owner, in whatever repository. */
  private static boolean isSameAbsence(SnapshotRef ref, String label) {
    return ref.toString().equals(label) || RemoteName.of(ref).equals(RemoteName.of(SnapshotRef.parse(label)));
  }

  /** Whether the words mean a snapshot of that label, such as {@code db@before}: hosts and owners are left aside. */
  private static boolean isCalled(SnapshotRef ref, String label) {
    int at = label.lastIndexOf('@');
    String volume = label.substring(label.lastIndexOf('/', at) + 1, at);
    return switch (RemoteName.of(ref)) {
      case RemoteName.ById _, RemoteName.BySeat _, RemoteName.OfVolume _ -> false;
      case RemoteName.Named named -> named.volume().value().equals(volume)
          && (named.isLatest() || named.tag().value().equals(label.substring(at + 1)));
    };
  }

  private static boolean isNamed(VolumeRef ref, String name) {
    return switch (ref) {
      case VolumeRef.ById _ -> false;
      case VolumeRef.Named(var _, var each) -> each.value().equals(name);
      case VolumeRef.Plain(var each) -> each.value().equals(name);
    };
  }

  private static String text(ContentSource source) {
    return switch (source) {
      case ContentSource.Empty _ -> "empty";
      case ContentSource.FromSnapshot(var _, var label) -> "from snapshot " + label;
      case ContentSource.FromRepository(var _, var label, var place, var _) -> "from " + label + " of repository " + place.repository();
      case ContentSource.NeverSnapshotted(var label) -> "empty because " + label + " did not exist";
      case ContentSource.FromVolume(var _, var label) -> "from volume " + label;
    };
  }
}
