package dev.moorage.storage;

import dev.moorage.volume.Access;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.FilesystemType;
import dev.moorage.volume.VolumeSpec;
import java.util.Map;

/**
 * What a volume was at a cut, as words that a repository keeps: all that is needed to make such a volume on another host.
 *
 * @param filesystemSize as in {@link dev.moorage.volume.Volume}
 */
record SpecWords(VolumeSpec spec, ByteSize filesystemSize) {

  /** Beside the words of the volume: of how many snapshots a group cut is. Who knows no groups leaves it aside. */
  static final String GROUP_MEMBERS = "groupMembers";

  Map<String, String> words() {
    return Map.of(
        "size", Long.toString(spec.size().bytes()),
        "backend", spec.backend().word(),
        "access", spec.access().word(),
        "filesystem", spec.filesystem().word(),
        "filesystemSize", Long.toString(filesystemSize.bytes()));
  }

  /**
   * Reads the words; {@code bytes} is the size of what is stored, which is what counts.
   *
   * @throws IllegalArgumentException when a word is none that this Moorage knows
   */
  static SpecWords read(Map<String, String> words, long bytes) {
    VolumeSpec spec = new VolumeSpec(ByteSize.ofBytes(bytes),
        BackendKind.parse(words.getOrDefault("backend", BackendKind.IMAGE.word())),
        Access.parse(words.getOrDefault("access", Access.FILESYSTEM.word())),
        FilesystemType.parse(words.getOrDefault("filesystem", FilesystemType.EXT4.word())), false);
    long filesystem = Long.parseLong(words.getOrDefault("filesystemSize", Long.toString(bytes)));
    return new SpecWords(spec, ByteSize.ofBytes(Math.min(filesystem, bytes)));
  }
}
