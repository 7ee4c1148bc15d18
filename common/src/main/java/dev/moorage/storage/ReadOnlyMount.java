package dev.moorage.storage;

import dev.moorage.backend.Attachment;
import dev.moorage.backend.DataState;
import dev.moorage.backend.Home;
import dev.moorage.backend.VolumeBackend;
import dev.moorage.filesystem.Filesystem;
import dev.moorage.linux.Mounts;
import dev.moorage.volume.Access;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.Unsupported;
import dev.moorage.volume.VolumeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The mount by which people look into a snapshot: read-only, without devices and set-user-ID programs. What is mounted is a throw-away
 * copy that may be written, because an image that was cut in use is only whole when its journal was replayed.
 */
record ReadOnlyMount(VolumeBackend backend, Home home, VolumeSpec spec) {

  private static final Set<Mounts.Flag> FLAGS = Set.of(Mounts.Flag.READ_ONLY, Mounts.Flag.NO_DEV, Mounts.Flag.NO_SUID);

  /** Throws when there is nothing in it to be mounted; {@code label} is such as {@code db@before}. */
  static void demandFilesystem(String action, VolumeSpec spec, String label) throws VolumeException {
    if (spec.access() == Access.BLOCK) {
      throw new Unsupported(action, "the volume has raw access, so there is no filesystem to mount",
          "Make a volume of the snapshot: moorage volume create NAME --from " + label);
    }
  }

  /** Makes a target of our own, below the run directory; one that the user named must be there, empty. */
  static void prepare(String action, Path target, boolean named) throws IOException, VolumeException {
    if (!named) {
      RunDirectories.make(target);
      return;
    }
    if (!Files.isDirectory(target)) {
      throw new InvalidArgument(action, target + " is not a directory", "Name an empty directory, or none");
    }
    try (Stream<Path> entries = Files.list(target)) {
      if (entries.findAny().isPresent() || Mounts.at(target).isPresent()) {
        throw new InvalidArgument(action, target + " is not empty", "Name an empty directory, or none");
      }
    }
  }

  void at(Path target) throws IOException, VolumeException {
    Filesystem filesystem = Filesystem.of(spec.filesystem());
    try (Attachment attachment = backend.attach(home, spec)) {
      switch (attachment) {
        case Attachment.Tree tree -> Mounts.bind(tree.path(), target, true);
        case Attachment.Device device ->
            Mounts.mount(device.path(), target, filesystem.type().word(), FLAGS, filesystem.mountOptions(true));
      }
    }
  }

  /** Where it is mounted, by the mount table that was read. */
  Optional<Path> place(List<Mounts.Entry> table) throws VolumeException {
    DataState state = backend.inspect(home);
    return state.device().flatMap(device -> table.stream()
        .filter(entry -> entry.source().equals(device.toString())).map(Mounts.Entry::target).findFirst());
  }
}
