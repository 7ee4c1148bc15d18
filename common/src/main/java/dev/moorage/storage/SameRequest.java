package dev.moorage.storage;

import dev.moorage.storage.OpenPool.Located;
import dev.moorage.volume.Access;
import dev.moorage.volume.BackendKind;
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
    List<String> differences = differences(request, new SameSource(request.source(), beginning), existing);
    if (!differences.isEmpty()) {
      throw new AlreadyExists(action, "it exists already and " + String.join(", ", differences),
          "Choose another name, or remove it first");
    }
  }

  private static List<String> differences(CreateVolume request, SameSource source, Located existing) {
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
    if (!source.isThatOf(volume.source())) {
      found.add("was made " + SameSource.text(volume.source()) + ", not " + source.text());
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
}
