package dev.moorage.volume;

import org.jspecify.annotations.Nullable;

/**
 * Why a storage operation was refused or failed. Each kind is something a caller decides upon; front ends translate the kinds
 * with one exhaustive switch each. The message has four parts: the verb and the thing ({@code action}), the cause and the
 * remedy, as in {@code cannot create volume db: pool fast has 2G left and 10G are needed. Free space or name another pool}.
 */
public abstract sealed class VolumeException extends Exception {

  private final String action;
  private final String reason;
  private final String remedy;

  private VolumeException(String action, String reason, String remedy, @Nullable Throwable cause) {
    super("cannot " + action + ": " + reason + (remedy.isEmpty() ? "" : ". " + remedy), cause);
    this.action = action;
    this.reason = reason;
    this.remedy = remedy;
  }

  /** Verb and thing, such as {@code create volume db}. */
  public String action() {
    return action;
  }

  /** The cause, without a full stop. */
  public String reason() {
    return reason;
  }

  /** What the user can do, or empty when nothing can be advised. */
  public String remedy() {
    return remedy;
  }

  /** The thing does not exist. */
  public static final class NotFound extends VolumeException {
    public NotFound(String action, String reason, String remedy) {
      super(action, reason, remedy, null);
    }

    public NotFound(String action, String reason, String remedy, @Nullable Throwable cause) {
      super(action, reason, remedy, cause);
    }
  }

  /** A different thing of that name exists. */
  public static final class AlreadyExists extends VolumeException {
    public AlreadyExists(String action, String reason, String remedy) {
      super(action, reason, remedy, null);
    }

    public AlreadyExists(String action, String reason, String remedy, @Nullable Throwable cause) {
      super(action, reason, remedy, cause);
    }
  }

  /** The thing is mounted, attached or referred to, and the operation needs it idle. */
  public static final class InUse extends VolumeException {
    public InUse(String action, String reason, String remedy) {
      super(action, reason, remedy, null);
    }

    public InUse(String action, String reason, String remedy, @Nullable Throwable cause) {
      super(action, reason, remedy, cause);
    }
  }

  /** The request can never succeed as it is written. */
  public static final class InvalidArgument extends VolumeException {
    public InvalidArgument(String action, String reason, String remedy) {
      super(action, reason, remedy, null);
    }

    public InvalidArgument(String action, String reason, String remedy, @Nullable Throwable cause) {
      super(action, reason, remedy, cause);
    }
  }

  /** A size outside of what the volume, the filesystem or the pool can have. */
  public static final class OutOfRange extends VolumeException {
    public OutOfRange(String action, String reason, String remedy) {
      super(action, reason, remedy, null);
    }

    public OutOfRange(String action, String reason, String remedy, @Nullable Throwable cause) {
      super(action, reason, remedy, cause);
    }
  }

  /** The pool or its host has no room left for it. */
  public static final class NoSpace extends VolumeException {
    public NoSpace(String action, String reason, String remedy) {
      super(action, reason, remedy, null);
    }

    public NoSpace(String action, String reason, String remedy, @Nullable Throwable cause) {
      super(action, reason, remedy, cause);
    }
  }

  /** Another operation on the same thing is under way; the same call may succeed a little later. */
  public static final class Busy extends VolumeException {
    public Busy(String action, String reason, String remedy) {
      super(action, reason, remedy, null);
    }

    public Busy(String action, String reason, String remedy, @Nullable Throwable cause) {
      super(action, reason, remedy, cause);
    }
  }

  /** Something outside failed or was too slow; the same call may succeed later. */
  public static final class Unavailable extends VolumeException {
    public Unavailable(String action, String reason, String remedy) {
      super(action, reason, remedy, null);
    }

    public Unavailable(String action, String reason, String remedy, @Nullable Throwable cause) {
      super(action, reason, remedy, cause);
    }
  }

  /** The caller may not do this. */
  public static final class Denied extends VolumeException {
    public Denied(String action, String reason, String remedy) {
      super(action, reason, remedy, null);
    }

    public Denied(String action, String reason, String remedy, @Nullable Throwable cause) {
      super(action, reason, remedy, cause);
    }
  }

  /** The backend, filesystem or machine does not have this power. */
  public static final class Unsupported extends VolumeException {
    public Unsupported(String action, String reason, String remedy) {
      super(action, reason, remedy, null);
    }

    public Unsupported(String action, String reason, String remedy, @Nullable Throwable cause) {
      super(action, reason, remedy, cause);
    }
  }

  /** What is on disk is not what must be there; nothing was changed. */
  public static final class Corrupt extends VolumeException {
    public Corrupt(String action, String reason, String remedy) {
      super(action, reason, remedy, null);
    }

    public Corrupt(String action, String reason, String remedy, @Nullable Throwable cause) {
      super(action, reason, remedy, cause);
    }
  }
}
