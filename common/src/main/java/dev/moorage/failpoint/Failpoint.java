package dev.moorage.failpoint;

/**
 * A step between two others of some multi-step operation, at which a test can end the process as {@code kill -9} would.
 * The product calls {@link #reach()} there; it does nothing unless the process was started with the system property
 * {@code moorage.failpoint}, a constant that the compiler folds. The list is complete: a test walks {@link #values()} and
 * demands that each is reached and survived.
 */
public enum Failpoint {
  ;

  private static final String ARMED = System.getProperty("moorage.failpoint", "");

  /** Ends the process with SIGKILL when this failpoint is the armed one ({@code NAME} or {@code NAME:n}, the n-th time). */
  public void reach() {
    if (!ARMED.isEmpty()) {
      Armed.reached(this, ARMED);
    }
  }
}
