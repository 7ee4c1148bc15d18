package dev.moorage.testkit.simulation;

/** The process of an actor is killed: nothing of it goes on but its requests that are under way. Not to be caught by the product. */
final class Crash extends Error {

  Crash() {
    super("killed", null, false, false);
  }
}
