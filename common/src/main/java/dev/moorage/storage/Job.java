package dev.moorage.storage;

import java.time.Instant;
import java.util.Optional;

/** Background work: persisted, resumed after a restart, visible. {@code fraction} is from 0 to 1. */
public record Job(
    String id, String kind, String subject, State state, double fraction, Instant startedAt, Optional<String> error) {

  /** Where it stands. */
  public enum State {
    RUNNING,
    DONE,
    FAILED
  }
}
