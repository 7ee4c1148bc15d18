package dev.moorage.storage;

import dev.moorage.linux.Mounts;
import dev.moorage.volume.Access;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.AlreadyExists;
import dev.moorage.volume.VolumeException.InUse;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.Unsupported;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Shows staged volumes at paths of their consumers, by bind mounts. What is shown where is read from the kernel. Callers hold the
 * volume's lock.
 */
final class Binds {

  private Binds() {}

  /** Shows the staged volume; shown already in the same way is success. When it fails, nothing is mounted. */
  static void bind(String action, Volume volume, Path stage, Publication publication) throws VolumeException {
    if (publication.isReadOnly() && volume.spec().access() == Access.BLOCK) {
      throw new Unsupported(action, "a device can be written to whatever path shows it, so read-only raw access cannot be kept",
          "Ask for a filesystem, or for writing");
    }
    try {
      Optional<Mounts.Entry> present = Mounts.at(publication.target());
      if (present.isPresent()) {
        demandSame(action, volume, stage, publication, present.get());
        return;
      }
      makeTarget(action, volume, publication.target());
      Mounts.bind(source(volume, stage), publication.target(), publication.flags());
    } catch (IOException e) {
      throw HostFailure.during(action, e);
    }
  }

  private static Path source(Volume volume, Path stage) {
    return volume.spec().access() == Access.BLOCK ? stage.resolve(StageMount.NODE) : stage;
  }

  private static void demandSame(String action, Volume volume, Path stage, Publication publication, Mounts.Entry present)
      throws IOException, VolumeException {
    if (!isOf(volume, stage, present)) {
      throw new AlreadyExists(action, "something else is mounted at " + publication.target(), "Unmount that, or choose another path");
    }
    if (present.readOnly() != publication.isReadOnly()) {
      throw new AlreadyExists(action, "it is at " + publication.target() + " already, " + (present.readOnly() ? "read-only" : "for writing"),
          "Take it away there first");
    }
  }

  /** Whether a mount shows this staged volume. */
  private static boolean isOf(Volume volume, Path stage, Mounts.Entry present) throws IOException {
    Optional<Mounts.Entry> staged = Mounts.at(stage);
    return staged.isPresent() && staged.get().device().equals(present.device())
        && Path.of(present.root()).equals(source(volume, Path.of(staged.get().root())));
  }

  private static void makeTarget(String action, Volume volume, Path target) throws IOException, VolumeException {
    boolean directory = volume.spec().access() == Access.FILESYSTEM;
    try {
      if (directory) {
        Files.createDirectory(target);
      } else {
        Files.createFile(target);
      }
    } catch (FileAlreadyExistsException e) {
      if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS) != directory || Files.isSymbolicLink(target)) {
        throw new InvalidArgument(action, target + " is there and is no " + (directory ? "directory" : "file"), "Remove it", e);
      }
    }
  }

  /**
   * Takes away what {@link #bind} mounted; absent is success.
   *
   * @param stage where the volume is staged, if it is
   * @param ours whether the volume is known to be shown there
   */
  static void unmount(String action, Volume volume, Optional<Path> stage, Path target, boolean ours) throws VolumeException {
    try {
      for (Optional<Mounts.Entry> present = Mounts.at(target); present.isPresent(); present = Mounts.at(target)) {
        if (!ours && (stage.isEmpty() || !isOf(volume, stage.get(), present.get()))) {
          throw new InvalidArgument(action, "something else is mounted at " + target, "Nothing was changed there");
        }
        Mounts.unmount(target);
      }
    } catch (IOException e) {
      throw HostFailure.during(action, e);
    }
  }

  /** Removes a target at which nothing is mounted. Only what is empty: somebody may have written there while nothing was mounted. */
  static void removeTarget(String action, Path target) throws VolumeException {
    try {
      if (Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS) && Files.size(target) > 0) {
        throw new InUse(action, target + " is a file with something in it, which no mount of ours is", "Look at it, and remove it");
      }
      Files.deleteIfExists(target);
    } catch (DirectoryNotEmptyException e) {
      throw new InUse(action, target + " is not mounted, and there is something in it", "Look at it, and remove it", e);
    } catch (IOException e) {
      throw HostFailure.during(action, e);
    }
  }
}
