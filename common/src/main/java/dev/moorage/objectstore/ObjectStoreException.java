package dev.moorage.objectstore;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why an object store refused or failed. Each kind is something a caller decides upon. The message has four parts: the verb and the
 * thing ({@code action}), the cause and the remedy, and never a secret: no credential, no signed address, no header.
 */
public abstract sealed class ObjectStoreException extends IOException {

  private final String action;
  private final String reason;
  private final String remedy;

  private ObjectStoreException(String action, String reason, String remedy, @Nullable Throwable cause) {
    super("cannot " + action + ": " + reason + (remedy.isEmpty() ? "" : ". " + remedy), cause);
    this.action = action;
    this.reason = reason;
    this.remedy = remedy;
  }

  /** Verb and thing, such as {@code read object packs/07/07f3 of s3://bucket/moorage}. */
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

  /** Whether the very same call may succeed a little later without anybody doing anything. */
  public boolean isRetriable() {
    return false;
  }

  /** There is no object of that key. */
  public static final class NoSuchObject extends ObjectStoreException {
    public NoSuchObject(String action, String reason, String remedy, @Nullable Throwable cause) {
      super(action, reason, remedy, cause);
    }
  }

  /** The range is not within the object. */
  public static final class InvalidRange extends ObjectStoreException {
    public InvalidRange(String action, String reason, String remedy, @Nullable Throwable cause) {
      super(action, reason, remedy, cause);
    }
  }

  /** The credentials are absent, wrong or do not allow it. */
  public static final class Denied extends ObjectStoreException {
    public Denied(String action, String reason, String remedy, @Nullable Throwable cause) {
      super(action, reason, remedy, cause);
    }
  }

  /** The store asks for fewer requests; it did nothing. */
  public static final class Throttled extends ObjectStoreException {

    private final Optional<Duration> retryAfter;

    /** {@code retryAfter} is what the store asked for, if it did. */
    public Throttled(String action, String reason, Optional<Duration> retryAfter, @Nullable Throwable cause) {
      super(action, reason, "It is tried again; fewer parallel transfers or a bandwidth limit help", cause);
      this.retryAfter = retryAfter;
    }

    /** How long the store asked to be left alone. */
    public Optional<Duration> retryAfter() {
      return retryAfter;
    }

    @Override
    public boolean isRetriable() {
      return true;
    }
  }

  /** The store did not answer, or not in time, or failed inside. Of a write it is not known whether it was done. */
  public static final class Unavailable extends ObjectStoreException {
    public Unavailable(String action, String reason, String remedy, @Nullable Throwable cause) {
      super(action, reason, remedy, cause);
    }

    @Override
    public boolean isRetriable() {
      return true;
    }
  }

  /** The store has no room left, or its quota is used up. */
  public static final class NoSpace extends ObjectStoreException {
    public NoSpace(String action, String reason, String remedy, @Nullable Throwable cause) {
      super(action, reason, remedy, cause);
    }
  }

  /** The request can never succeed as it is: a wrong address, bucket, region, option or size. */
  public static final class Invalid extends ObjectStoreException {
    public Invalid(String action, String reason, String remedy, @Nullable Throwable cause) {
      super(action, reason, remedy, cause);
    }
  }

  /** The store cannot create only, or cannot compare and swap. Nothing was written. */
  public static final class ConditionsUnsupported extends ObjectStoreException {
    public ConditionsUnsupported(String action, String reason, String remedy, @Nullable Throwable cause) {
      super(action, reason, remedy, cause);
    }
  }

  /** What came back, or what was to be sent, is not what its checksum or length says. */
  public static final class Corrupt extends ObjectStoreException {
    public Corrupt(String action, String reason, String remedy, @Nullable Throwable cause) {
      super(action, reason, remedy, cause);
    }
  }

  /** The thread was interrupted, and stays so. Of a write it is not known whether it was done. */
  public static final class Interrupted extends ObjectStoreException {
    public Interrupted(String action, @Nullable Throwable cause) {
      super(action, "it was interrupted", "", cause);
    }
  }
}
