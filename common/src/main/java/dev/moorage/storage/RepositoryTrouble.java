package dev.moorage.storage;

import dev.moorage.linux.ErrnoException;
import dev.moorage.linux.FileTrouble;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.repository.UnreadableException;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.Corrupt;
import dev.moorage.volume.VolumeException.Denied;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.NoSpace;
import dev.moorage.volume.VolumeException.NotFound;
import dev.moorage.volume.VolumeException.Unavailable;
import dev.moorage.volume.VolumeException.Unsupported;
import java.io.IOException;

/** What a failure of a repository or its object store means for the caller; each is wrapped here, once. */
public final class RepositoryTrouble {

  private RepositoryTrouble() {}

  /** The failure of {@code action}, a verb and a thing, in the words of the caller. */
  public static VolumeException during(String action, IOException e) {
    return switch (e) {
      case ObjectStoreException store -> store(action, store);
      case UnreadableException unreadable -> unreadable(action, unreadable);
      case ErrnoException errno -> HostFailure.during(action, errno);
      default -> new Unavailable(action, FileTrouble.text(e), "Try again; the service's log says more", e);
    };
  }

  private static VolumeException store(String action, ObjectStoreException e) {
    String reason = "cannot " + e.action() + ": " + e.reason();
    return switch (e) {
      case ObjectStoreException.NoSuchObject _ -> new NotFound(action, reason, e.remedy(), e);
      case ObjectStoreException.InvalidRange _, ObjectStoreException.Corrupt _ -> new Corrupt(action, reason, e.remedy(), e);
      case ObjectStoreException.Denied _ -> new Denied(action, reason, e.remedy(), e);
      case ObjectStoreException.Throttled _, ObjectStoreException.Unavailable _, ObjectStoreException.Interrupted _ ->
          new Unavailable(action, reason, e.remedy(), e);
      case ObjectStoreException.NoSpace _ -> new NoSpace(action, reason, e.remedy(), e);
      case ObjectStoreException.Invalid _ -> new InvalidArgument(action, reason, e.remedy(), e);
      case ObjectStoreException.ConditionsUnsupported _ -> new Unsupported(action, reason, e.remedy(), e);
    };
  }

  private static VolumeException unreadable(String action, UnreadableException e) {
    String reason = e.object() + " " + e.reason();
    return switch (e) {
      case UnreadableException.WrongKey _ -> new Denied(action, reason, "Name the key file or passphrase file that belongs to it", e);
      case UnreadableException.Damaged _, UnreadableException.Truncated _ ->
          new Corrupt(action, reason, "'moorage repository verify' finds out what else is damaged; all else still restores", e);
      case UnreadableException.Newer _ -> new Unsupported(action, reason, "", e);
      case UnreadableException.Foreign _ -> new InvalidArgument(action, reason, "Check the location", e);
    };
  }
}
