package dev.moorage.failpoint;

/**
 * A step between two others of some multi-step operation, at which a test can end the process as {@code kill -9} would.
 * The product calls {@link #reach()} there; it does nothing unless the process was started with the system property
 * {@code moorage.failpoint}, a constant that the compiler folds. The list is complete: a test walks {@link #values()} and
 * demands that each is reached and survived.
 */
public enum Failpoint {
  /** A template is whole under another name. */
  IMAGE_TEMPLATE_MADE,
  /** It has its name, perhaps not durably. */
  IMAGE_TEMPLATE_RENAMED,
  /** A clone exists, not yet as large as wanted. */
  IMAGE_CLONED,
  /** A new image has its content, not durably. */
  IMAGE_FILLED,
  /** An image is larger, its device does not know. */
  IMAGE_GROWN,
  /** Nobody uses an image that is about to be deleted. */
  IMAGE_RELEASED,
  /** Every member of a cut is frozen. */
  IMAGE_CUT_FROZEN,
  /** One member of a cut is cloned. */
  IMAGE_CUT_CLONED,
  /** One snapshot of a cut is durable. */
  IMAGE_CUT_SEALED,
  /** An image has replaced another, perhaps not durably. */
  IMAGE_REPLACED,
  /** A new directory volume has its content, not durably. */
  TREE_FILLED,
  /** A record's new content is on disk beside the old one. */
  RECORD_FLUSHED,
  /** The new content has the record's name; the directory is not flushed. */
  RECORD_RENAMED,
  /** A record is gone; the directory is not flushed. */
  RECORD_DELETED,
  /** A home or file was renamed; neither directory is flushed. */
  DIRECTORY_MOVED,
  ;

  private static final String ARMED = System.getProperty("moorage.failpoint", "");

  /** Ends the process with SIGKILL when this failpoint is the armed one ({@code NAME} or {@code NAME:n}, the n-th time). */
  public void reach() {
    if (!ARMED.isEmpty()) {
      Armed.reached(this, ARMED);
    }
  }
}
