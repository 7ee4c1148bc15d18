package dev.moorage.storage;

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

/** What an {@link IOException} of a repository means for the caller; each is wrapped here, once. */
final class RepositoryFailure {

  private RepositoryFailure() {}

  static VolumeException during(String action, IOException e) {
    return switch (e) {
      case ObjectStoreException store -> ofStore(action, store);
      case UnreadableException unreadable -> unreadable(action, unreadable);
      default -> HostFailure.during(action, e);
    };
  }

  private static VolumeException ofStore(String action, ObjectStoreException e) {
    String reason = e.action() + " failed: " + e.reason();
    return switch (e) {
      case ObjectStoreException.NoSuchObject _ -> new NotFound(action, reason, e.remedy(), e);
      case ObjectStoreException.Denied _ -> new Denied(action, reason, e.remedy(), e);
      case ObjectStoreException.Throttled _, ObjectStoreException.Unavailable _, ObjectStoreException.Interrupted _ ->
          new Unavailable(action, reason, e.remedy(), e);
      case ObjectStoreException.NoSpace _ -> new NoSpace(action, reason, e.remedy(), e);
      case ObjectStoreException.Invalid _ -> new InvalidArgument(action, reason, e.remedy(), e);
      case ObjectStoreException.ConditionsUnsupported _ -> new Unsupported(action, reason, e.remedy(), e);
      case ObjectStoreException.InvalidRange _, ObjectStoreException.Corrupt _ -> new Corrupt(action, reason, e.remedy(), e);
    };
  }

  private static VolumeException unreadable(String action, UnreadableException e) {
    String reason = e.object() + " " + e.reason();
    return switch (e) {
      case UnreadableException.WrongKey _ -> new Denied(action, reason, "Give the right key", e);
      case UnreadableException.Newer _ -> new Unsupported(action, reason, "", e);
      case UnreadableException.Damaged _, UnreadableException.Truncated _, UnreadableException.Foreign _ ->
          new Corrupt(action, reason, "Run 'moorage repository verify' to learn what is damaged", e);
    };
  }

  /** Whether the same work may succeed later without anybody changing the request: then a job waits instead of failing. */
  static boolean passes(VolumeException e) {
    return switch (e) {
      case Unavailable _, NoSpace _, VolumeException.Busy _ -> true;
      case NotFound _, VolumeException.AlreadyExists _, VolumeException.InUse _, InvalidArgument _, VolumeException.OutOfRange _,
          Denied _, Unsupported _, Corrupt _ -> false;
    };
  }
}
