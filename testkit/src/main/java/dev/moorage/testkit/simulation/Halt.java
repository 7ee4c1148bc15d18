package dev.moorage.testkit.simulation;

/** The schedule is over, because an invariant was violated: the threads of all actors end. */
final class Halt extends Error {

  Halt() {
    super("halted", null, false, false);
  }
}
