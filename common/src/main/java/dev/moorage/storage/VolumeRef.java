package dev.moorage.storage;

import dev.moorage.volume.Owner;
import dev.moorage.volume.VolumeId;
import dev.moorage.volume.VolumeName;

/** How a caller points at a volume. */
public sealed interface VolumeRef {

  record ById(VolumeId id) implements VolumeRef {
    @Override
    public String toString() {
      return id.toString();
    }
  }

  /** The owner's volume of that name. */
  record Named(Owner owner, VolumeName name) implements VolumeRef {
    @Override
    public String toString() {
      return owner + "/" + name;
    }
  }

  /** The caller's own volume of that name or, when it has none, the only one of any owner; several are an error that lists them. */
  record Plain(VolumeName name) implements VolumeRef {
    @Override
    public String toString() {
      return name.toString();
    }
  }

  /**
   * Reads what users type: an id, {@code owner/name} or {@code name}.
   *
   * @throws IllegalArgumentException with a sentence for the user
   */
  static VolumeRef parse(String text) {
    int slash = text.indexOf('/');
    if (slash >= 0) {
      return new Named(new Owner(text.substring(0, slash)), new VolumeName(text.substring(slash + 1)));
    }
    if (text.length() == 36 && text.charAt(8) == '-') {
      try {
        return new ById(VolumeId.parse(text));
      } catch (IllegalArgumentException notAnId) {
        return new Plain(new VolumeName(text));
      }
    }
    return new Plain(new VolumeName(text));
  }
}
