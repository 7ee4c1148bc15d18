package dev.moorage.testkit.simulation;

/** An invariant does not hold. The message says which, and how it was seen. */
public final class Violation extends AssertionError {

  Violation(String message) {
    super(message);
  }
}
