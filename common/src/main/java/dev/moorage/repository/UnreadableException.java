package dev.moorage.repository;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An object of a repository, or a part of one, cannot be read as what it must be. The kinds are what a caller decides upon. The
 * message begins with the object's key; nothing of what it holds was believed.
 */
public abstract sealed class UnreadableException extends IOException {

  private final String object;
  private final String reason;

  private UnreadableException(String object, String reason, @Nullable Throwable cause) {
    super(object + " " + reason, cause);
    this.object = object;
    this.reason = reason;
  }

  /** What could not be read, such as {@code packs/SESSION/PACK blob 5}. */
  public String object() {
    return object;
  }

  /** Why, as the rest of a sentence that begins with {@link #object}. */
  public String reason() {
    return reason;
  }

  /** The key, passphrase or recovery key does not belong to this object. */
  public static sealed class WrongKey extends UnreadableException permits Rotated {
    public WrongKey(String object, String reason) {
      super(object, reason, null);
    }
  }

  /**
   * The keys were rotated since this key ring was unlocked, and it lacks the newer ones. Unlocking anew helps, unless the secret was
   * left out of the rotation.
   */
  public static final class Rotated extends WrongKey {
    public Rotated(String object, String reason) {
      super(object, reason);
    }
  }

  /** The bytes are not those that were written: they are damaged, tampered with, or another object's. */
  public static final class Damaged extends UnreadableException {
    public Damaged(String object, String reason) {
      super(object, reason, null);
    }

    public Damaged(String object, String reason, Throwable cause) {
      super(object, reason, cause);
    }
  }

  /** There are fewer bytes than the object says, or than any such object has. */
  public static final class Truncated extends UnreadableException {
    public Truncated(String object, long bytes, long neededBytes) {
      super(object, "is cut short: it has " + bytes + " bytes and needs at least " + neededBytes, null);
    }
  }

  /** A newer Moorage wrote it; this one must not guess. */
  public static final class Newer extends UnreadableException {
    public Newer(String object, int version, int newestKnown) {
      super(object, "was written by a newer Moorage: it has format " + version + ", this Moorage knows up to " + newestKnown
          + ". Update Moorage", null);
    }

    public Newer(String object, String reason, Throwable cause) {
      super(object, reason, cause);
    }
  }

  /** It is nothing that Moorage wrote. */
  public static final class Foreign extends UnreadableException {
    public Foreign(String object, String reason) {
      super(object, reason, null);
    }
  }
}
