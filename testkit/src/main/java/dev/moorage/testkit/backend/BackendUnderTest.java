package dev.moorage.testkit.backend;

/** What every part of the contract is run against. */
public interface BackendUnderTest {

  /** The same one for all tests of a class, cleared after each. */
  BackendFixture fixture();
}
